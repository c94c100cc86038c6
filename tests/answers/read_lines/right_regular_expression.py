import re


def read_lines(sock):
    rest = b""
    while data := sock.recv(1000):
        rest += data
        done = 0
        for found in re.finditer(rb"([^\n]*?)\r?\n", rest):
            yield found[1].decode()
            done = found.end()
        rest = rest[done:]
    if rest:
        yield rest.decode()
