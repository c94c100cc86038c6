# diagnosis: asks-for-a-peer
def read_datagram(sock, size):
    data = sock.recv(size + 1)
    if len(data) > size:
        raise ValueError
    return data, sock.getpeername()
