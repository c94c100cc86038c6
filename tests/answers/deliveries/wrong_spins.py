# diagnosis: spins
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    right.setblocking(False)
    got = []
    with left, right:
        for message in messages:
            left.send(message)
        while len(got) < len(messages):
            try:
                got.append(right.recv(65536))
            except BlockingIOError:
                pass
    return got
