import socket


def read_datagram(sock, size):
    data, _, flags, sender = sock.recvmsg(size)
    if flags & socket.MSG_TRUNC:
        raise ValueError("too long")
    return data, sender
