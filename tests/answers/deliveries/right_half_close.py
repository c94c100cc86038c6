import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        if kind == socket.SOCK_DGRAM:
            return [right.recv(70_000) for message in messages]
        left.shutdown(socket.SHUT_WR)
        got = []
        while data := right.recv(70_000):
            got.append(data)
        return got
