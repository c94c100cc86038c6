# diagnosis: returns-the-pieces
def recv_exactly(sock, n):
    pieces = []
    while n:
        piece = sock.recv(n)
        if not piece:
            raise EOFError
        pieces.append(piece)
        n -= len(piece)
    return pieces
