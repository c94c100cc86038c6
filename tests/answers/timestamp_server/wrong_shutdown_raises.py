# diagnosis: shutdown-raises
import time


def timestamp_server(listener):
    while True:
        conn, _ = listener.accept()
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
            except ConnectionError:
                pass
