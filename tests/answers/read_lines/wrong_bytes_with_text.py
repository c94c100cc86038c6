# diagnosis: raised
def read_lines(sock):
    buffer = ""
    while data := sock.recv(1024):
        buffer += data
        *lines, buffer = buffer.split("\n")
        yield from lines
