# diagnosis: ignores-the-shutdown
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError as error:
            print(error)
            time.sleep(0.1)
            continue
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
            except ConnectionError:
                pass
