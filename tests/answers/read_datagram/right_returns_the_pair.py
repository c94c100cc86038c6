def read_datagram(sock, size):
    pair = sock.recvfrom(size + 1)
    if len(pair[0]) == size + 1:
        raise ValueError
    return pair
