# diagnosis: another-error
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1)
    assert len(data) <= size
    return data, sender
