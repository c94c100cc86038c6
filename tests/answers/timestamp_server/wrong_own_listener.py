# diagnosis: own-listener
import socket
import time


def timestamp_server(listener):
    server = socket.create_server(("127.0.0.1", 0))
    while True:
        conn, _ = server.accept()
        with conn:
            while data := conn.recv(1024):
                conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
