import socket


def read_lines(sock):
    line = b""
    while True:
        seen = sock.recv(4096, socket.MSG_PEEK)
        if not seen:
            break
        newline = seen.find(b"\n")
        line += sock.recv(newline + 1 if newline >= 0 else len(seen))
        if newline >= 0:
            yield line[:-2].decode() if line.endswith(b"\r\n") else line[:-1].decode()
            line = b""
    if line:
        yield line.decode()
