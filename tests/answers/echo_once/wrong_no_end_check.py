# diagnosis: no-end-check
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while True:
        data = conn.recv(1024)
        heard += data
        conn.sendall(data)
