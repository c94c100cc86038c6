# diagnosis: short-at-the-end
import socket


def recv_exactly(sock, n):
    return sock.recv(n, socket.MSG_WAITALL)
