import select


def read_datagram(sock, size):
    select.select([sock], [], [])
    data, sender = sock.recvfrom(size + 1)
    if not len(data) <= size:
        raise ValueError
    return data, sender
