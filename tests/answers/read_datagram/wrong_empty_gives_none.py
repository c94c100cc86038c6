# diagnosis: empty-refused
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1)
    if len(data) > size:
        raise ValueError
    if data:
        return data, sender
