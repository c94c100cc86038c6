# diagnosis: exact-fit-refused
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size)
    if len(data) == size:
        raise ValueError("cut")
    return data, sender
