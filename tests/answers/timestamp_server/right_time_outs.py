import socket
import time


def timestamp_server(listener):
    listener.settimeout(0.01)
    while True:
        try:
            conn, _ = listener.accept()
        except TimeoutError:
            continue
        except OSError:
            return
        with conn:
            conn.settimeout(None)
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                while data := conn.recv(1024):
                    conn.sendall(b"[" + time.ctime().encode() + b"] " + data)
                conn.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
