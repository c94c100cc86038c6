from netlib.messages import Lines


def read_lines(sock):
    lines = Lines(limit=1 << 20)
    while not lines.ended:
        yield from lines.feed(sock.recv(4096))
