import time


def timestamp_server(sock):
    while True:
        try:
            conn, _ = sock.accept()
        except OSError:
            return
        with conn:
            try:
                while True:
                    data = conn.recv(1)
                    if not data:
                        break
                    conn.sendall(b"[")
                    conn.sendall(time.strftime("%a %b %e %H:%M:%S %Y").encode())
                    conn.sendall(b"] ")
                    conn.sendall(data)
            except (ConnectionResetError, BrokenPipeError):
                continue
