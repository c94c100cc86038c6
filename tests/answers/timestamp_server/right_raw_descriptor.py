import os
import select
import time


def timestamp_server(listener):
    while True:
        select.select([listener], [], [])
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        try:
            while True:
                data = os.read(conn.fileno(), 1024)
                if not data:
                    break
                os.write(conn.fileno(), b"[" + bytes(time.ctime(), "ascii") + b"] " + data)
        except ConnectionError:
            pass
        conn.close()
