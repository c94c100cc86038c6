# diagnosis: waits-for-more
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        buffer += data
        if b"\n" in buffer:
            line, _, buffer = buffer.partition(b"\n")
            yield line.removesuffix(b"\r").decode()
    while buffer:
        line, _, buffer = buffer.partition(b"\n")
        yield line.removesuffix(b"\r").decode()
