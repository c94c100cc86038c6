# diagnosis: returned-none
import socket


def reach(host, port, timeout):
    last = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = socket.socket(family, kind, proto)
        try:
            sock.settimeout(timeout)
            sock.connect(address)
            break
        except OSError as error:
            sock.close()
            last = error
    else:
        raise last
