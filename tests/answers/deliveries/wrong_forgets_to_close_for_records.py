# diagnosis: nobody-closed
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        if kind == socket.SOCK_DGRAM:
            return [right.recv(65536) for _ in messages]
        got = []
        while data := right.recv(65536):
            got.append(data)
        return got
