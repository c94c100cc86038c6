# diagnosis: exact-fit-refused
def read_datagram(sock, size):
    data, sender = sock.recvfrom(65507)
    if len(data) > size or len(data) == 65507:
        raise ValueError("cut")
    return data, sender
