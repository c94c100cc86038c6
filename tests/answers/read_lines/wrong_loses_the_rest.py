# diagnosis: loses-the-rest
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        buffer += data
        if b"\n" in buffer:
            line, _, _ = buffer.partition(b"\n")
            yield line.removesuffix(b"\r").decode()
            buffer = b""
    if buffer:
        yield buffer.decode()
