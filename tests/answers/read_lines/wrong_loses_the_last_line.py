# diagnosis: loses-the-last-line
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        buffer += data
        *lines, buffer = buffer.split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode()
