import socket


def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        seen = sock.recv(n - len(data), socket.MSG_PEEK)
        if not seen:
            raise EOFError
        data += sock.recv(len(seen))
    return data
