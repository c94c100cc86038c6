# diagnosis: timed-out
def read_datagram(sock, size):
    sock.setblocking(False)
    data, sender = sock.recvfrom(size + 1)
    if len(data) > size:
        raise ValueError
    return data, sender
