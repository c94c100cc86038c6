# diagnosis: stops-at-a-newline
def echo_once(listener):
    conn, _ = listener.accept()
    heard = b""
    while not heard.endswith(b"\n"):
        data = conn.recv(1024)
        conn.sendall(data)
        heard += data
    conn.close()
    return heard
