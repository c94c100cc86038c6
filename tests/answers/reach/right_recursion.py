import socket


def first(answers, timeout):
    (family, type, proto, name, address), *others = answers
    try:
        sock = socket.socket(family, type, proto)
        try:
            sock.settimeout(timeout)
            sock.connect(address)
        except BaseException:
            sock.close()
            raise
        return sock
    except OSError:
        if not others:
            raise
    return first(others, timeout)


def reach(host, port, timeout):
    return first(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), timeout)
