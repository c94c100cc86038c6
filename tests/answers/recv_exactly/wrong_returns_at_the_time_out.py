# diagnosis: swallows-the-time-out
def recv_exactly(sock, n):
    data = b""
    try:
        while len(data) < n:
            piece = sock.recv(n - len(data))
            if not piece:
                raise EOFError
            data += piece
    except TimeoutError as error:
        print(error)
    return data
