import socket


def read_datagram(sock, size):
    seen = sock.recv(size + 1, socket.MSG_PEEK)
    if len(seen) > size:
        sock.recv(1)
        raise ValueError("a longer one")
    return sock.recvfrom(size + 1)
