# diagnosis: shutdown-raises
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError as error:
            raise RuntimeError("stopped") from error
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
            except ConnectionError:
                pass
