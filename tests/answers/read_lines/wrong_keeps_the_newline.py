# diagnosis: keeps-the-newline
def read_lines(sock):
    with sock.makefile(encoding="utf-8", newline="\n") as file:
        yield from file
