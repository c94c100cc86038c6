import struct


class TooLong(ValueError):
    pass


class Cut(EOFError):
    pass


class Framer:
    header = struct.Struct("!L")

    def __init__(self, sock):
        self.sock = sock

    def exactly(self, n):
        data = bytearray()
        while len(data) < n:
            piece = self.sock.recv(n - len(data))
            if not piece:
                raise Cut(len(data))
            data.extend(piece)
        return bytes(data)

    def send(self, payload):
        self.sock.sendall(b"%b%b" % (self.header.pack(len(payload)), payload))

    def recv(self, limit):
        n, = self.header.unpack(self.exactly(self.header.size))
        if n > limit:
            raise TooLong(n)
        return self.exactly(n)


def send_frame(sock, payload):
    Framer(sock).send(payload)


def recv_frame(sock, limit):
    return Framer(sock).recv(limit)
