# diagnosis: takes-too-much
def recv_exactly(sock, n):
    with sock.makefile("rb") as file:
        data = file.read(n)
    if len(data) < n:
        raise EOFError
    return data
