def read_lines(sock):
    buffer = b""
    while True:
        piece = sock.recv(1024)
        if not piece:
            break
        buffer += piece
        while b"\n" in buffer:
            line, _, buffer = buffer.partition(b"\n")
            if line.endswith(b"\r"):
                line = line[:-1]
            yield line.decode("utf-8")
    if len(buffer) > 0:
        yield buffer.decode("utf-8")
