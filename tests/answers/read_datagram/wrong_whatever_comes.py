# diagnosis: too-long-returned
def read_datagram(sock, size):
    data, sender = sock.recvfrom(65535)
    return data, sender
