# diagnosis: str-sent
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.send("[%s] %s" % (time.ctime(), data.decode("latin-1")))
            except ConnectionError:
                pass
