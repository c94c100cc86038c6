# diagnosis: cut-without-a-word
def read_datagram(sock, size):
    return sock.recvfrom(size)
