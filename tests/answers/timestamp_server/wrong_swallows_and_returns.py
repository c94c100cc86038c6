# diagnosis: reset-stops-the-server
import time


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
            while True:
                data = conn.recv(1024)
                if not data:
                    break
                conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
            conn.close()
        except:
            break
