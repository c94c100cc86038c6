# diagnosis: too-many-values
import socket


def read_datagram(sock, size):
    found = sock.recvmsg(size)
    if found[2] & socket.MSG_TRUNC:
        raise ValueError
    return found
