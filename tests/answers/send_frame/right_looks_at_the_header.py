import socket
import time


def send_frame(sock, payload):
    sock.sendall(bytearray(len(payload).to_bytes(4, "big")) + bytearray(payload))


def recv_frame(sock, limit):
    header = b""
    while len(header) < 4:
        before, header = header, sock.recv(4, socket.MSG_PEEK | socket.MSG_WAITALL)
        if len(header) < 4 and header == before:
            raise EOFError
    length = int.from_bytes(header, "big")
    if length > limit:
        raise ValueError
    sock.recv(4)
    data = b""
    while length - len(data):
        got = sock.recv(length - len(data))
        if not got:
            raise EOFError
        data += got
    return data
