# diagnosis: counts-pieces
def recv_exactly(sock, n):
    data = b""
    while piece := sock.recv(max(1, n - len(data))):
        data += piece
    if len(data) < n:
        raise EOFError
    return data
