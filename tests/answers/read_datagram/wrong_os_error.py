# diagnosis: another-error
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1)
    if len(data) > size:
        raise OSError("message too long")
    return data, sender
