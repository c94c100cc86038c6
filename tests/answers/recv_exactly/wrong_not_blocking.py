# diagnosis: changes-the-time-out
def recv_exactly(sock, n):
    sock.setblocking(False)
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
