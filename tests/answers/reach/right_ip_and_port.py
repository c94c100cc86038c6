import socket


def reach(host, port, timeout):
    """Every answer has the same port: the one that was asked for."""
    last = None
    for family, _, _, _, (ip, *_) in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = None
        try:
            sock = socket.socket(family)
            sock.settimeout(timeout)
            sock.connect((ip, port))
        except OSError as error:
            if sock:
                sock.close()
            last = error
        else:
            sock.settimeout(None)
            return sock
    raise last
