class Lines:
    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""
        self.ended = False

    def __iter__(self):
        return self

    def __next__(self):
        while b"\n" not in self.buffer and not self.ended:
            piece = self.sock.recv(4096)
            self.ended = not piece
            self.buffer += piece
        if not self.buffer:
            raise StopIteration
        line, newline, self.buffer = self.buffer.partition(b"\n")
        text = line.decode()
        return text[:-1] if newline and text.endswith("\r") else text


def read_lines(sock):
    return Lines(sock)
