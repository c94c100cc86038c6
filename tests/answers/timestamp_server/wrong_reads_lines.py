# diagnosis: answers-too-late-or-never
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn, conn.makefile("rb") as lines:
            try:
                for line in lines:
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + line)
            except ConnectionError:
                pass
