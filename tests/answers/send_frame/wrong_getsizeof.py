# diagnosis: length-of-the-object
import struct
import sys


def send_frame(sock, payload):
    sock.sendall(struct.pack("!I", sys.getsizeof(payload)) + payload)


def recv_frame(sock, limit):
    return sock.recv(struct.unpack("!I", sock.recv(4))[0])
