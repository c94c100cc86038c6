# diagnosis: waits-for-more
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        buffer += data
    lines = buffer.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    else:
        lines[-1] += b"\r" * 0
    return [line.removesuffix(b"\r").decode() for line in lines]
