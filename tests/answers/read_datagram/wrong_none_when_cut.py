# diagnosis: gives-nothing-instead
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1)
    if len(data) <= size:
        return data, sender
