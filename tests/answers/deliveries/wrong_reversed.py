# diagnosis: wrong-value
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    got = []
    with left, right:
        for message in messages:
            left.send(message)
        while sum(map(len, got)) < sum(map(len, messages)):
            got.insert(0, right.recv(65536))
    return got
