# diagnosis: ipv6-for-all
import socket


def open_listener(host, port):
    family = socket.AF_INET if "." in host else socket.AF_INET6
    return socket.create_server((host, port), family=family)
