# diagnosis: half-an-address
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1)
    if len(data) > size:
        raise ValueError
    return data, sender[1]
