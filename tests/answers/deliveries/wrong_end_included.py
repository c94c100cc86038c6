# diagnosis: end-is-no-delivery
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    with right:
        for message in messages:
            left.send(message)
        if kind == socket.SOCK_DGRAM:
            left.close()
            return [right.recv(65536) for _ in messages]
        left.close()
        got = [b"start"]
        while got[-1]:
            got.append(right.recv(65536))
        return got[1:]
