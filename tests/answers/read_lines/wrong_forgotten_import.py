# diagnosis: name-not-defined
def read_lines(sock):
    for line in io.TextIOWrapper(sock.makefile("rb")):
        yield line
