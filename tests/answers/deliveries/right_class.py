import socket


class Pair:
    def __init__(self, kind):
        self.left, self.right = socket.socketpair(type=kind)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.left.close()
        self.right.close()

    def carry(self, messages):
        for message in messages:
            self.left.send(message)
        count = 0
        while count < len(b"".join(messages)):
            data, _ = self.right.recvfrom(65536)
            count += len(data)
            yield data


def deliveries(kind, messages):
    with Pair(kind) as pair:
        return list(pair.carry(messages))
