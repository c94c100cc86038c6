# diagnosis: serves-too-few
import time


def timestamp_server(listener):
    conn, _ = listener.accept()
    with conn:
        while True:
            data = conn.recv(1024)
            if not data:
                return
            conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
