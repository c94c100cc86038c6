# diagnosis: leaks-on-failure
import socket


def open_listener(host, port):
    if ":" not in host:
        return socket.create_server((host, port))
    listener = socket.socket(socket.AF_INET6)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    return listener
