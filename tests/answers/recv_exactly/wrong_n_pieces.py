# diagnosis: counts-pieces
def recv_exactly(sock, n):
    data = b""
    for _ in range(n):
        piece = sock.recv(n - len(data) or 1)
        if not piece:
            raise EOFError
        data += piece
    return data
