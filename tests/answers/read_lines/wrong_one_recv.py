# diagnosis: one-recv
def read_lines(sock):
    for line in sock.recv(1024).decode().splitlines():
        yield line
