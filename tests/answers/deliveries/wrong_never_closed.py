# diagnosis: left-behind
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    for message in messages:
        left.send(message)
    got = []
    while sum(map(len, got)) < sum(map(len, messages)):
        got.append(right.recv(65536))
    return got
