# diagnosis: never-asks
import socket


def reach(host, port, timeout):
    sock = socket.socket()
    sock.settimeout(timeout)
    try:
        sock.connect((host, port))
    except OSError:
        sock.close()
        raise
    return sock
