def recv_exactly(sock, n):
    pieces = []
    missing = n
    while missing > 0:
        piece = sock.recv(min(missing, 4096))
        if not piece:
            raise EOFError
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
