def read_datagram(sock, size):
    room = bytearray(size + 1)
    count, sender = sock.recvfrom_into(room)
    if count > size:
        raise ValueError
    return room[:count], sender
