import socket


def family_of(host):
    try:
        socket.inet_pton(socket.AF_INET6, host)
    except OSError:
        return socket.AF_INET
    return socket.AF_INET6


def open_listener(host, port):
    s = socket.socket(family_of(host), socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound = False
    try:
        for option in (socket.SO_REUSEADDR, socket.SO_KEEPALIVE):
            s.setsockopt(socket.SOL_SOCKET, option, 1)
        if s.family == socket.AF_INET6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.bind((host or "0.0.0.0", port))
        s.listen(socket.SOMAXCONN)
        bound = True
    finally:
        if not bound:
            s.close()
    return s
