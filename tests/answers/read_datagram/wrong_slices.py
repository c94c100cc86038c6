# diagnosis: cut-without-a-word
def read_datagram(sock, size):
    data, sender = sock.recvfrom(65535)
    return data[:size], sender
