# diagnosis: no-room
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        if kind == socket.SOCK_STREAM:
            return [right.recv(4)]
        return [right.recv(4) for _ in messages]
