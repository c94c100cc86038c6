# diagnosis: time-taken-once
from time import ctime


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
            when = f"[{ctime()}] ".encode()
        except OSError:
            return
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(when + data)
            except ConnectionError:
                pass
