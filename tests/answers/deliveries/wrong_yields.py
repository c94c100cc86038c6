# diagnosis: generator-returned
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        left.close()
        for _ in messages:
            yield right.recv(1024)
