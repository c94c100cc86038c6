import selectors
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    right.setblocking(False)
    got = []
    with left, right, selectors.DefaultSelector() as selector:
        selector.register(right, selectors.EVENT_READ)
        for message in messages:
            left.send(message)
        while selector.select(timeout=0):
            got.append(right.recv(65536))
    return got
