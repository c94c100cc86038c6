# diagnosis: one-recv
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        try:
            data = conn.recv(1024)
            conn.sendall(("[" + time.ctime() + "] ").encode() + data)
        finally:
            conn.close()
