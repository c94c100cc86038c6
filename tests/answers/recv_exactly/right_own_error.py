class StreamEnded(EOFError):
    pass


class Receiver:
    def __init__(self, sock):
        self.sock = sock

    def take(self, n):
        have = bytes()
        while True:
            if len(have) == n:
                return have
            piece = self.sock.recv(n - len(have))
            if not piece:
                raise StreamEnded(len(have), n)
            have = b"%b%b" % (have, piece)


def recv_exactly(sock, n):
    return Receiver(sock).take(n)
