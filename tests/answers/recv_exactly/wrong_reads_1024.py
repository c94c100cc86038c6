# diagnosis: takes-too-much
def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(1024)
        if not piece:
            raise EOFError
        data += piece
    return data[:n]
