# diagnosis: not-iterable
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        *lines, buffer = (buffer + data).split(b"\n")
        for line in lines:
            print(line.removesuffix(b"\r").decode())
    if buffer:
        print(buffer.decode())
