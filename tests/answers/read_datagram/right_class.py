class TooLong(ValueError):
    pass


class Reader:
    def __init__(self, sock):
        self.sock = sock

    def read(self, size):
        data, sender = self.sock.recvfrom(size + 1)
        if data[size:]:
            raise TooLong(size)
        return data, sender


def read_datagram(sock, size):
    return Reader(sock).read(size)
