# diagnosis: returned-none
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        got = [right.recv(65536) for _ in messages]
