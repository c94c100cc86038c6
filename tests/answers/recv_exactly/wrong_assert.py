# diagnosis: another-error-at-the-end
def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        assert piece
        data += piece
    return data
