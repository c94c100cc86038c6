# diagnosis: raised
import socket


def deliveries(kind, messages):
    with socket.socket(socket.AF_UNIX, kind) as left, socket.socket(socket.AF_UNIX, kind) as right:
        for message in messages:
            left.send(message)
        return [right.recv(65536) for _ in messages]
