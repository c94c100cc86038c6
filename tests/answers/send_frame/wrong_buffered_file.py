# diagnosis: takes-too-much
import struct


def exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise EOFError(n)
        data += piece
    return data


def send_frame(sock, payload):
    sock.sendall(struct.pack("!I", len(payload)) + payload)


def recv_frame(sock, limit):
    with sock.makefile("rb") as file:
        header = file.read(4)
        if len(header) < 4:
            raise EOFError
        length = struct.unpack("!I", header)[0]
        if length > limit:
            raise ValueError
        return file.read(length)
