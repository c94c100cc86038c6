# diagnosis: one-recv
def recv_exactly(sock, n):
    data = sock.recv(n)
    if len(data) < n:
        data += sock.recv(n - len(data))
    if len(data) == 0 and n > 0:
        raise EOFError
    return data
