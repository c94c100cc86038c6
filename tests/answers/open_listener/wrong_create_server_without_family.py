# diagnosis: wrong-family
import socket


def open_listener(host, port):
    return socket.create_server((host, port))
