import select


def echo_once(listener):
    conn = None
    heard = b""
    while True:
        ready, _, _ = select.select([conn or listener], [], [], 5)
        if not ready:
            raise TimeoutError
        if conn is None:
            conn, _ = listener.accept()
            continue
        data = conn.recv(2048)
        if not data:
            conn.close()
            return heard
        conn.sendall(data)
        heard += data
