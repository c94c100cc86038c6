# diagnosis: strips-too-much
def read_lines(sock):
    for line in sock.makefile("rb"):
        yield line.rstrip(b"\r\n").decode() if line.endswith(b"\n") else line.decode()
