# diagnosis: pieces-taken-for-lines
def read_lines(sock):
    while data := sock.recv(1024):
        for line in data.decode().splitlines():
            yield line
