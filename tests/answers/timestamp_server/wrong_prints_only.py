# diagnosis: answers-too-late-or-never
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
                    print("[" + time.ctime() + "]", data)
            except ConnectionError:
                pass
