# diagnosis: one-recv
def recv_exactly(sock, n):
    data = sock.recv(n)
    if not data and n:
        raise EOFError
    return data
