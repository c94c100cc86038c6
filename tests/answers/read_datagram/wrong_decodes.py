# diagnosis: decode-error
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1)
    if len(data) > size:
        raise ValueError
    data.decode()
    return data, sender
