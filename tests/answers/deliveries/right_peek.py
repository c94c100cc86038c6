import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with left, right:
        for message in messages:
            left.send(message)
        right.setblocking(False)
        got = []
        while True:
            try:
                right.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                return got
            got.append(right.recv(65536))
