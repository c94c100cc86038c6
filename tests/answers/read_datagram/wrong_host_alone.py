# diagnosis: half-an-address
import socket


def read_datagram(sock, size):
    data, _, flags, peer = sock.recvmsg(size)
    if flags & socket.MSG_TRUNC:
        raise ValueError("too long")
    return data, peer[0]
