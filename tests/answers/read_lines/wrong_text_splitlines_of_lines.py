# diagnosis: other-marks-end-a-line
def read_lines(sock):
    with sock.makefile("r", encoding="utf-8", newline="\n") as file:
        for line in file:
            for part in line.removesuffix("\n").removesuffix("\r").split("\r"):
                pass
            if "\r" in line.removesuffix("\n").removesuffix("\r"):
                yield line.removesuffix("\n").removesuffix("\r")
            else:
                yield from line.splitlines()
