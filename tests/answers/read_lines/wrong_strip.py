# diagnosis: strips
def read_lines(sock):
    for line in sock.makefile("rb"):
        yield line.strip().decode()
