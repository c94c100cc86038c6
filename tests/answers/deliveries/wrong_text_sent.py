# diagnosis: str-sent
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(str(message))
        return [right.recv(65536) for _ in messages]
