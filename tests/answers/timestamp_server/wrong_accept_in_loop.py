# diagnosis: accept-in-loop
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        data = conn.recv(1024)
        if not data:
            continue
        conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
