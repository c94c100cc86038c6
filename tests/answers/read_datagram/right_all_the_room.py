def read_datagram(sock, size):
    data, sender = sock.recvfrom(65535)
    if len(data) > size:
        raise ValueError(f"{len(data)} bytes, at most {size} wanted")
    return data, sender
