import socket


class Reacher:
    def __init__(self, timeout):
        self.timeout = timeout
        self.error = None

    def one(self, answer):
        family, kind, proto, _, address = answer
        try:
            sock = socket.socket(family, kind, proto)
        except OSError as error:
            self.error = error
            return None
        try:
            sock.settimeout(self.timeout)
            sock.connect(address)
        except OSError as error:
            sock.close()
            self.error = error
            return None
        return sock

    def reach(self, answers):
        sock = next(filter(None, map(self.one, answers)), None)
        if sock is None:
            raise self.error
        return sock


def reach(host, port, timeout):
    return Reacher(timeout).reach(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
