# diagnosis: waits-for-more
import socket


def read_lines(sock):
    buffer = b""
    while data := sock.recv(64, socket.MSG_WAITALL):
        buffer += data
        *lines, buffer = buffer.split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode()
    if buffer:
        yield buffer.decode()
