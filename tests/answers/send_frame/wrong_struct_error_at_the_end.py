# diagnosis: another-error-at-the-end
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
    header = b""
    while len(header) < 4:
        piece = sock.recv(4 - len(header))
        if not piece:
            break
        header += piece
    length = struct.unpack("!I", header)[0]
    if length > limit:
        raise ValueError
    return exactly(sock, length)
