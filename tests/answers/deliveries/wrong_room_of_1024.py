# diagnosis: no-room
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        got, missing = [], sum(map(len, messages))
        while missing:
            got.append(right.recv(1024))
            missing -= len(got[-1])
        return got
