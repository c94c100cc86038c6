# diagnosis: reset-stops-the-server
import time


def timestamp_server(listener):
    try:
        while True:
            conn, _ = listener.accept()
            with conn:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
    except OSError:
        return
