def pieces(sock, n):
    while n:
        piece = sock.recv(n)
        if not piece:
            raise EOFError("%d bytes are missing" % n)
        n -= len(piece)
        yield piece


recv_exactly = lambda sock, n: b"".join(pieces(sock, n))
