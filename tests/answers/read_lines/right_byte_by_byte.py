def read_lines(sock):
    line = bytearray()
    while byte := sock.recv(1):
        if byte == b"\n":
            if line[-1:] == b"\r":
                del line[-1]
            yield line.decode()
            line = bytearray()
        else:
            line += byte
    if line:
        yield line.decode()
