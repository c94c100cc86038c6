# diagnosis: accepts-again
def echo_once(listener):
    heard = b""
    while True:
        conn, _ = listener.accept()
        with conn:
            while data := conn.recv(1024):
                conn.sendall(data)
                heard += data
