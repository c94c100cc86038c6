# diagnosis: time-taken-once
import time


def timestamp_server(listener):
    now = time.ctime()
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + now.encode() + b"] " + data)
            except ConnectionError:
                pass
