# diagnosis: empty-refused
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1)
    if not data:
        raise EOFError("the end")
    if len(data) > size:
        raise ValueError
    return data, sender
