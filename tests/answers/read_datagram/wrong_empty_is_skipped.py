# diagnosis: empty-refused
def read_datagram(sock, size):
    data = b""
    while not data:
        data, sender = sock.recvfrom(size + 1)
    if len(data) > size:
        raise ValueError
    return data, sender
