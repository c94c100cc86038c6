# diagnosis: drops-one
import socket


def read_datagram(sock, size):
    data, sender = sock.recvfrom(size + 1)
    if len(data) > size:
        raise ValueError
    try:
        sock.recvfrom(1, socket.MSG_DONTWAIT)
    except BlockingIOError:
        pass
    return data, sender
