# diagnosis: printed-not-returned
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        print([right.recv(65536) for _ in messages])
