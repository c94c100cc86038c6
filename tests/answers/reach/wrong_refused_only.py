# diagnosis: gives-up-too-soon
import socket


def reach(host, port, timeout):
    last = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            sock = socket.socket(family, kind, proto)
            sock.settimeout(timeout)
            sock.connect(address)
            return sock
        except ConnectionRefusedError as error:
            sock.close()
            last = error
    raise last
