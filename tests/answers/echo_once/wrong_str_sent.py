# diagnosis: str-sent
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while data := conn.recv(1024):
        conn.sendall(data.decode())
        heard += data
    conn.close()
    return heard
