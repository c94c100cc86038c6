# diagnosis: another-error-at-the-end
def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise ConnectionError("the connection was closed")
        data += piece
    return data
