import socket
import threading


def deliveries(kind, messages):
    left, right = socket.socketpair(type=kind)

    def send_all():
        for message in messages:
            left.send(message)

    with left, right:
        sender = threading.Thread(target=send_all)
        sender.start()
        sender.join()
        got = []
        while sum(len(piece) for piece in got) < sum(len(message) for message in messages):
            got.append(right.recv(65536))
    return got
