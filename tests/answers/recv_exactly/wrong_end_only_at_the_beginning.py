# diagnosis: short-at-the-end
def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece and not data:
            raise EOFError
        if not piece:
            return data
        data += piece
    return data
