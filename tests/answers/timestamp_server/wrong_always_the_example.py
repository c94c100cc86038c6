# diagnosis: wrong-time
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(b"[Fri Nov 20 21:04:05 2026] " + data)
            except ConnectionError:
                pass
