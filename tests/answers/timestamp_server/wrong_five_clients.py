# diagnosis: serves-too-few
import time


def timestamp_server(listener):
    for number in range(5):
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
            except ConnectionError:
                pass
