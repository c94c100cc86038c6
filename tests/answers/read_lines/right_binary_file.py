def read_lines(sock):
    file = sock.makefile("rb")
    for line in iter(file.readline, b""):
        if line[-1:] == b"\n":
            line = line[:-1].removesuffix(b"\r")
        yield str(line, "utf-8")
    file.close()
