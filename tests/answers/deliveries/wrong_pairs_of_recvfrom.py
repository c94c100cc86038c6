# diagnosis: not-bytes
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        return [right.recvfrom(65536) for _ in messages]
