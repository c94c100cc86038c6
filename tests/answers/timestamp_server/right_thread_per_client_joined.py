import threading
import time


def talk(conn):
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(f"[{time.ctime()}] ".encode() + data)
        except ConnectionError:
            pass


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        worker = threading.Thread(target=talk, args=(conn,))
        worker.start()
        worker.join()
