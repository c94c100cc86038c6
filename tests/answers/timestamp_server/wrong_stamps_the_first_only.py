# diagnosis: wrong-format
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                stamp = b"[" + time.ctime().encode() + b"] "
                while data := conn.recv(1024):
                    conn.sendall(stamp + data)
                    stamp = b""
            except ConnectionError:
                pass
