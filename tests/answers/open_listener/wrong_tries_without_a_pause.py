# diagnosis: waits-for-the-port
import socket


def open_listener(host, port):
    while True:
        try:
            return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError:
            pass
