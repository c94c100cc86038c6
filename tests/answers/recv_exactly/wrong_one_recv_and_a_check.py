# diagnosis: one-recv
def recv_exactly(sock, n):
    data = sock.recv(n)
    if len(data) < n:
        raise EOFError("too short")
    return data
