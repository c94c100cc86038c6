# diagnosis: skips-empty-lines
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        buffer += data
        *lines, buffer = buffer.split(b"\n")
        for line in lines:
            line = line.removesuffix(b"\r")
            if line:
                yield line.decode()
    if buffer:
        yield buffer.decode()
