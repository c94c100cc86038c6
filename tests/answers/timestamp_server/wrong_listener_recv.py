# diagnosis: listener-io
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                while data := listener.recv(1024):
                    listener.send(b"[" + time.ctime().encode() + b"] " + data)
            except ConnectionError:
                pass
