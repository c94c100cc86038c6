# diagnosis: closes-the-socket
def recv_exactly(sock, n):
    data = b""
    with sock:
        while len(data) < n:
            piece = sock.recv(n - len(data))
            if not piece:
                raise EOFError
            data += piece
    return data
