import socket


def recv_exactly(sock, n):
    data = b""
    while n > len(data):
        more = sock.recv(n - len(data), socket.MSG_WAITALL)
        if more == b"":
            raise EOFError("too early")
        data = data + more
    return data
