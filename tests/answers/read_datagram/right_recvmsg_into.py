import socket


def read_datagram(sock, size):
    room = bytearray(size)
    count, _, flags, sender = sock.recvmsg_into([room])
    if flags & socket.MSG_TRUNC:
        raise ValueError("cut")
    return bytes(room)[:count], sender
