# diagnosis: closed-the-listener
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while data := conn.recv(1024):
        conn.sendall(data)
        heard += data
    listener.close()
    return heard
