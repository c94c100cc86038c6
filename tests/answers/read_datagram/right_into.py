def read_datagram(sock, size):
    room = bytearray(size + 1)
    count, sender = sock.recvfrom_into(room)
    if count > size:
        raise ValueError("the datagram does not fit")
    return bytes(room[:count]), sender
