# diagnosis: not-closed
import time

clients = []


def timestamp_server(listener):
    while True:
        try:
            conn, address = listener.accept()
        except OSError:
            return
        clients.append(conn)
        try:
            while True:
                data = conn.recv(1024)
                if not data:
                    break
                conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
        except ConnectionError:
            pass
