# diagnosis: strips
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        buffer += data
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", 1)
            yield line.decode().rstrip()
    if buffer:
        yield buffer.decode()
