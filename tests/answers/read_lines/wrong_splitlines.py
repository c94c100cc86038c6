# diagnosis: carriage-return-ends-a-line
def read_lines(sock):
    buffer = b""
    while data := sock.recv(1024):
        head, newline, buffer = (buffer + data).rpartition(b"\n")
        if newline:
            yield from (head + newline).decode().splitlines()
    if buffer:
        yield buffer.decode()
