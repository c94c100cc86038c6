# diagnosis: little-endian
import struct


def send_frame(sock, payload):
    sock.sendall(struct.pack("I", len(payload)) + payload)


def recv_frame(sock, limit):
    ...
    return b""
