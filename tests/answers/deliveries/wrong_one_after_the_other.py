# diagnosis: receives-in-between
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    got = []
    with left, right:
        for message in messages:
            left.send(message)
            got.append(right.recv(65536))
    return got
