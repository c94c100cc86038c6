# diagnosis: tries-another-port
import socket


def open_listener(host, port):
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        while True:
            try:
                listener.bind((host, port))
                break
            except OSError:
                port += 1
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
