# diagnosis: another-error-at-the-end
def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise ValueError(n)
        data += piece
    return data
