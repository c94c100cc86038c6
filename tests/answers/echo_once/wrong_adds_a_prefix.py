# diagnosis: changes-the-bytes
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while data := conn.recv(1024):
        conn.sendall(b"echo: " + data)
        heard += data
    conn.close()
    return heard
