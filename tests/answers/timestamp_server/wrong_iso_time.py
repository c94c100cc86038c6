# diagnosis: wrong-time
from datetime import datetime


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(f"[{datetime.now()}] ".encode() + data)
            except ConnectionError:
                pass
