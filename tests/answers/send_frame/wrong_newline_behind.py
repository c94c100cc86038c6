# diagnosis: adds-a-newline
import struct


def send_frame(sock, payload):
    sock.sendall(struct.pack("!I", len(payload)) + payload + b"\n")


def recv_frame(sock, limit):
    return sock.recv(struct.unpack("!I", sock.recv(4))[0])
