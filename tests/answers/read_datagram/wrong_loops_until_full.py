# diagnosis: receives-twice
def read_datagram(sock, size):
    data = b""
    while len(data) < size:
        piece, sender = sock.recvfrom(size + 1 - len(data))
        data += piece
    if len(data) > size:
        raise ValueError
    return data, sender
