# diagnosis: waits-for-an-end-of-datagrams
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        return list(iter(lambda: right.recv(65536), b""))
