# diagnosis: not-connected
import socket


def reach(host, port, timeout):
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = socket.socket(family, kind, proto)
        sock.settimeout(timeout)
        sock.connect_ex(address)
        return sock
