# diagnosis: closed-before-return
import socket


def open_listener(host, port):
    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        return listener
    finally:
        listener.close()
