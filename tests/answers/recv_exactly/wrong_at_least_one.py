# diagnosis: takes-too-much
def recv_exactly(sock, n):
    data = sock.recv(1)
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
