import struct


def receive(sock, n):
    pieces = []
    while n:
        piece = sock.recv(min(n, 65536))
        if not piece:
            raise EOFError("the stream ended")
        pieces.append(piece)
        n -= len(piece)
    return b"".join(pieces)


def send_frame(sock, payload):
    header = struct.pack(">I", len(payload))
    sock.sendall(header)
    sock.sendall(payload)


def recv_frame(sock, limit):
    header = receive(sock, struct.calcsize(">I"))
    length = struct.unpack(">I", header)[0]
    if length > limit:
        raise ValueError(length)
    return receive(sock, length)
