# diagnosis: answers-too-late-or-never
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while data := conn.recv(1024):
        heard += data
    conn.close()
    return heard
