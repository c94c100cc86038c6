# diagnosis: length-with-a-sign
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
    length = struct.unpack("!i", exactly(sock, 4))[0]
    if length > limit:
        raise ValueError
    return exactly(sock, length)
