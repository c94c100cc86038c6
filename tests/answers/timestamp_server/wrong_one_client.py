# diagnosis: serves-too-few
import time


def timestamp_server(listener):
    conn, _ = listener.accept()
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
        except ConnectionError:
            pass
    try:
        listener.accept()
    except OSError:
        return
