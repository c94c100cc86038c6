# diagnosis: name-not-defined
import socket


def timestamp_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
            except ConnectionError:
                pass
