# diagnosis: length-counts-itself
import struct


def send_frame(sock, payload):
    sock.sendall(struct.pack("!I", len(payload) + 4) + payload)


def recv_frame(sock, limit):
    return sock.recv(struct.unpack("!I", sock.recv(4))[0] - 4)
