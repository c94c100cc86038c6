# diagnosis: shorter-than-it-was
def read_datagram(sock, size):
    data, sender = sock.recvfrom(min(size + 1, 4096))
    if len(data) > size:
        raise ValueError
    return data, sender
