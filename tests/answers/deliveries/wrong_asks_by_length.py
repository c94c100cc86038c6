# diagnosis: asks-by-length
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        return [right.recv(len(message)) for message in messages]
