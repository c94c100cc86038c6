# diagnosis: pieces-taken-for-lines
def read_lines(sock):
    while data := sock.recv(1024):
        yield data.decode().rstrip("\r\n")
