# diagnosis: length-of-another-size
import struct


def send_frame(sock, payload):
    sock.sendall(struct.pack("!H", len(payload)))
    sock.sendall(payload)


def recv_frame(sock, limit):
    return sock.recv(struct.unpack("!H", sock.recv(2))[0])
