import socket


def send_frame(sock, payload):
    parts = [len(payload).to_bytes(4, "big"), payload]
    sent = sock.sendmsg(parts)
    sock.sendall(b"".join(parts)[sent:])


def recv_frame(sock, limit):
    size = exactly(sock, 4)
    size = (size[0] << 24) | (size[1] << 16) | (size[2] << 8) | size[3]
    if size > limit:
        raise ValueError(f"{size} bytes were announced")
    return exactly(sock, size)


def exactly(sock, n):
    if n == 0:
        return b""
    piece = sock.recv(n, socket.MSG_WAITALL)
    if not piece:
        raise EOFError
    return piece + exactly(sock, n - len(piece))
