# diagnosis: returned-no-socket
import socket


def reach(host, port, timeout):
    last = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            with socket.socket(family, kind, proto) as sock:
                sock.settimeout(timeout)
                sock.connect(address)
                return address
        except OSError as error:
            last = error
    raise last
