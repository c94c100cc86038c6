# diagnosis: uses-create-connection
import socket


def reach(host, port, timeout):
    return socket.create_connection((host, port), timeout)
