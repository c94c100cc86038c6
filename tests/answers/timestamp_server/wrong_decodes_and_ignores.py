# diagnosis: changes-the-bytes
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
                    conn.sendall(f"[{time.ctime()}] {data.decode(errors='ignore')}".encode())
            except ConnectionError:
                pass
