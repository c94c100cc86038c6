# diagnosis: shares-the-port
import socket


def open_listener(host, port):
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, reuse_port=True)
