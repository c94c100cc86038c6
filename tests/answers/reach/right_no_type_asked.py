import socket


def reach(host, port, timeout):
    last = OSError("no address")
    for family, kind, proto, _, address in socket.getaddrinfo(host, port):
        if kind != socket.SOCK_STREAM:
            continue
        try:
            sock = socket.socket(family, kind, proto)
            sock.settimeout(timeout)
            try:
                sock.connect(address)
                return sock
            except OSError:
                sock.close()
                raise
        except OSError as error:
            last = error
    raise last
