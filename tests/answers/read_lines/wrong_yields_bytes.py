# diagnosis: yields-bytes
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        *lines, buffer = (buffer + data).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r")
    if buffer:
        yield buffer
