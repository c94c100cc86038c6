import socket


def deliveries(kind, messages):
    room = bytearray(65536)
    left, right = socket.socketpair(type=kind)
    with left, right:
        total = sum(left.send(message) for message in messages)
        got = []
        while total > 0:
            count = right.recv_into(room)
            got.append(bytes(room[:count]))
            total -= count
    return got
