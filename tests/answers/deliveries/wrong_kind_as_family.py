# diagnosis: kind-as-family
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(kind)
    with left, right:
        for message in messages:
            left.send(message)
        return [right.recv(65536) for _ in messages]
