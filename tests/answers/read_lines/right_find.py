def read_lines(sock):
    buffer = bytearray()
    start = 0
    for piece in iter(lambda: sock.recv(2048), b""):
        buffer.extend(piece)
        while (end := buffer.find(b"\n", start)) >= 0:
            stop = end - 1 if end > start and buffer[end - 1] == 13 else end
            yield bytes(buffer[start:stop]).decode()
            start = end + 1
        del buffer[:start]
        start = 0
    if buffer:
        yield bytes(buffer).decode()
