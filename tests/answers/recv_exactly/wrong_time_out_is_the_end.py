# diagnosis: time-out-taken-for-the-end
def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        try:
            piece = sock.recv(n - len(data))
        except OSError:
            piece = b""
        if piece == b"":
            raise EOFError
        data += piece
    return data
