# diagnosis: accept-in-loop
def echo_once(listener):
    heard = b""
    while True:
        conn, _ = listener.accept()
        data = conn.recv(1024)
        if not data:
            break
        conn.sendall(data)
        heard += data
    conn.close()
    return heard
