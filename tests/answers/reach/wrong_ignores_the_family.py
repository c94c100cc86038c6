# diagnosis: ipv4-only
import socket


def reach(host, port, timeout):
    last = None
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = socket.socket()
        try:
            sock.settimeout(timeout)
            sock.connect(address)
            return sock
        except OSError as error:
            sock.close()
            last = error
    raise last
