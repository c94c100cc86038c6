# diagnosis: short-send
import struct


def send_frame(sock, payload):
    sock.send(struct.pack("!I", len(payload)) + payload)


def recv_frame(sock, limit):
    return sock.recv(struct.unpack("!I", sock.recv(4))[0])
