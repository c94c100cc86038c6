# diagnosis: no-time-out
import socket


def reach(host, port, timeout):
    last = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = None
        try:
            sock = socket.socket(family, kind, proto)
            sock.connect(address)
            sock.settimeout(timeout)
            return sock
        except OSError as error:
            if sock:
                sock.close()
            last = error
    raise last
