# diagnosis: not-bytes
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        if kind == socket.SOCK_STREAM:
            return [right.recv(65536).decode()]
        return [right.recv(65536).decode() for _ in messages]
