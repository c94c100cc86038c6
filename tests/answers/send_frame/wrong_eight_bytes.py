# diagnosis: length-of-another-size
import struct


def send_frame(sock, payload):
    sock.sendall(struct.pack("!Q", len(payload)) + payload)


def recv_frame(sock, limit):
    return sock.recv(struct.unpack("!Q", sock.recv(8))[0])
