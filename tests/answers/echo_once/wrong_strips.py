# diagnosis: changes-the-bytes
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while data := conn.recv(1024):
        data = data.strip()
        conn.sendall(data)
        heard += data
    conn.close()
    return heard
