# diagnosis: swallows-the-time-out
def recv_exactly(sock, n):
    data = b""
    while len(data) < n:
        try:
            piece = sock.recv(n - len(data))
        except TimeoutError:
            continue
        if not piece:
            raise EOFError
        data += piece
    return data
