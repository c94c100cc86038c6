# diagnosis: waits-for-an-end-of-datagrams
import socket


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)
    for message in messages:
        left.send(message)
    left.close()
    got = []
    with right:
        while data := right.recv(65536):
            got.append(data)
    return got
