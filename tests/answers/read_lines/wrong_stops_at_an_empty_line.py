# diagnosis: stops-at-an-empty-line
def read_lines(sock):
    file = sock.makefile("rb")
    while line := file.readline().removesuffix(b"\n").removesuffix(b"\r"):
        yield line.decode()
