import os
import select


def recv_exactly(sock, n):
    data = b""
    while len(data) != n:
        ready, _, _ = select.select([sock], [], [], sock.gettimeout())
        if not ready:
            raise TimeoutError("nothing came")
        piece = os.read(sock.fileno(), n - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
