# diagnosis: pair-not-unpacked
import time


def timestamp_server(listener):
    while True:
        try:
            conn = listener.accept()
        except OSError:
            return
        try:
            while data := conn.recv(1024):
                conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
        except ConnectionError:
            pass
        conn.close()
