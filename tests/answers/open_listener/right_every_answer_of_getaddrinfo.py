from socket import *


def open_listener(host, port):
    error = None
    for family, kind, protocol, _, address in getaddrinfo(host or None, port, AF_UNSPEC, SOCK_STREAM, 0, AI_PASSIVE):
        if host == "" and family != AF_INET:
            continue
        try:
            s = socket(family, kind, protocol)
        except OSError as e:
            error = e
            continue
        try:
            s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            s.bind(address)
            s.listen()
            return s
        except OSError as e:
            s.close()
            error = e
    raise error
