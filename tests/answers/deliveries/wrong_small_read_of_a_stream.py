# diagnosis: stops-early
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        if kind == socket.SOCK_STREAM:
            return [right.recv(16)]
        return [right.recv(65536) for _ in messages]
