# diagnosis: ignores-the-host
import socket


def open_listener(host, port):
    return socket.create_server(("localhost", port))
