# diagnosis: sent-as-one
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        left.sendall(b"".join(messages))
        return [right.recv(65536)]
