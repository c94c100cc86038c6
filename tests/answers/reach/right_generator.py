import socket


def attempts(host, port, timeout):
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            sock = socket.socket(family, kind, proto)
        except OSError as error:
            yield None, error
            continue
        try:
            sock.settimeout(timeout)
            sock.connect(address)
            yield sock, None
            return
        except OSError as error:
            sock.close()
            yield None, error


def reach(host, port, timeout):
    for sock, error in attempts(host, port, timeout):
        pass
    if error:
        raise error
    return sock
