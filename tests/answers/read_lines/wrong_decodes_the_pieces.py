# diagnosis: pieces-decoded
def read_lines(sock):
    buffer = ""
    while data := sock.recv(1024):
        buffer += data.decode()
        *lines, buffer = buffer.split("\n")
        for line in lines:
            yield line.removesuffix("\r")
    if buffer:
        yield buffer
