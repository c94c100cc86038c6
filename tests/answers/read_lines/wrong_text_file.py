# diagnosis: carriage-return-ends-a-line
def read_lines(sock):
    with sock.makefile(encoding="utf-8") as file:
        for line in file:
            yield line.removesuffix("\n")
