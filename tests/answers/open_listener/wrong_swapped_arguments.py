# diagnosis: swapped-arguments
import socket


def open_listener(host, port):
    listener = socket.socket(socket.SOCK_STREAM, socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
