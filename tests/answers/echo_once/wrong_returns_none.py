# diagnosis: returned-none
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while data := conn.recv(1024):
        conn.sendall(data)
        heard += data
    conn.close()
