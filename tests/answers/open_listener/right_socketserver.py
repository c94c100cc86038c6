import socket
import socketserver


def open_listener(host, port):
    class Server(socketserver.TCPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        allow_reuse_address = True

    return Server((host, port), None).socket
