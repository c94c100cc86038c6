# diagnosis: no-end-check
def read_lines(sock):
    buffer = b""
    while True:
        buffer += sock.recv(1024)
        while b"\n" in buffer:
            line, _, buffer = buffer.partition(b"\n")
            yield line.removesuffix(b"\r").decode()
