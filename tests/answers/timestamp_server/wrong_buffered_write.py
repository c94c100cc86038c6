# diagnosis: answers-too-late-or-never
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn, conn.makefile("wb") as out:
            try:
                while data := conn.recv(1024):
                    out.write(b"[" + time.ctime().encode() + b"] " + data)
            except ConnectionError:
                pass
