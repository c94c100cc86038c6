# diagnosis: takes-too-much
def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n)
        if not piece:
            raise EOFError
        data += piece
    rest = data[n:]
    return data[:n]
