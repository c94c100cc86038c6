# diagnosis: last-piece-only
def echo_once(listener):
    conn, _ = listener.accept()
    last = b""
    while True:
        data = conn.recv(100_000)
        if not data:
            break
        conn.sendall(data)
        last = data
    conn.close()
    return last
