# diagnosis: peeks-only
import socket


def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1, socket.MSG_PEEK)
    if len(data) > size:
        raise ValueError("too long")
    return data, sender
