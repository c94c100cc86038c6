# diagnosis: listener-io
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while data := listener.recv(1024):
        listener.sendall(data)
        heard += data
    conn.close()
    return heard
