# diagnosis: always-a-stream
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair()
    with left, right:
        for message in messages:
            left.sendall(message)
        got = []
        while sum(map(len, got)) < sum(map(len, messages)):
            got.append(right.recv(65536))
        return got
