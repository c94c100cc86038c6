# diagnosis: joined-by-hand
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    heard = b""
    with left, right:
        for message in messages:
            left.send(message)
        while len(heard) < sum(map(len, messages)):
            heard += right.recv(65536)
    return [heard]
