# diagnosis: last-piece-only
def recv_exactly(sock, n):
    missing = n
    piece = b""
    while missing:
        piece = sock.recv(missing)
        if not piece:
            raise EOFError
        missing -= len(piece)
    return piece
