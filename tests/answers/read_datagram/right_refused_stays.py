import socket


def read_datagram(sock, size):
    if len(sock.recv(size + 1, socket.MSG_PEEK)) > size:
        raise ValueError("too long; it stays where it is")
    return sock.recvfrom(size + 1)
