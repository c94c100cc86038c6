# diagnosis: no-pair
import socket


def deliveries(kind, messages):
    if kind == socket.SOCK_STREAM:
        return [b"".join(messages)]
    return list(messages)
