# diagnosis: pair-not-unpacked
def echo_once(listener):
    conn = listener.accept()
    heard = b""
    while data := conn.recv(1024):
        conn.sendall(data)
        heard += data
    conn.close()
    return heard
