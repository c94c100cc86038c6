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
    data = sock.recv(1024)
    while len(data) < 4 or len(data) < 4 + struct.unpack("!I", data[:4])[0]:
        more = sock.recv(1024)
        if not more:
            raise EOFError
        data += more
    length = struct.unpack("!I", data[:4])[0]
    return data[4:4 + length]
