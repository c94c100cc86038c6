def read_lines(sock):
    with sock.makefile("r", encoding="utf-8", newline="\n") as file:
        for line in file:
            if line.endswith("\r\n"):
                yield line[:-2]
            else:
                yield line.removesuffix("\n")
