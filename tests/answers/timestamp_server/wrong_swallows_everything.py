# diagnosis: ignores-the-shutdown
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
            with conn:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
        except:
            pass
