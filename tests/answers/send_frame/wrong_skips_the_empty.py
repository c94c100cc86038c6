# diagnosis: skips-the-empty-payload
import struct


def send_frame(sock, payload):
    if payload:
        sock.sendall(struct.pack("!I", len(payload)) + payload)


def recv_frame(sock, limit):
    return sock.recv(struct.unpack("!I", sock.recv(4))[0])
