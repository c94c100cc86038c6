# diagnosis: not-a-stream
import socket


def reach(host, port, timeout):
    last = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port):
        sock = None
        try:
            sock = socket.socket(family, kind, proto)
            sock.settimeout(timeout)
            sock.connect(address)
            return sock
        except OSError as error:
            if sock:
                sock.close()
            last = error
    raise last
