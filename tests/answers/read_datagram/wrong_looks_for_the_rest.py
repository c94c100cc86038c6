# diagnosis: receives-twice
def read_datagram(sock, size):
    data, sender = sock.recvfrom(size)
    if len(data) == size and sock.recv(1):
        raise ValueError("more came")
    return data, sender
