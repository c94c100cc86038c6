import socket


def attempts(host, port, timeout):
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            sock = socket.socket(family, kind, proto)
        except OSError as failed:
            yield None, failed
            continue
        try:
            sock.settimeout(timeout)
            sock.connect(address)
            yield sock, None
            return
        except OSError as failed:
            sock.close()
            yield None, failed


def reach(host, port, timeout):
    for sock, problem in attempts(host, port, timeout):
        pass
    if problem:
        raise problem
    return sock
