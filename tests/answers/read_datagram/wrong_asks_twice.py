# diagnosis: receives-twice
def read_datagram(sock, size):
    data = sock.recv(size + 1)
    _, sender = sock.recvfrom(size)
    if len(data) > size:
        raise ValueError
    return data, sender
