import socket


class RecordTooLong(ValueError):
    """A record was longer than the room for it."""


class Receiver:
    def __init__(self, sock):
        self.sock = sock

    def __iter__(self):
        return self

    def __next__(self):
        data, _, flags, _ = self.sock.recvmsg(65536)
        if flags & socket.MSG_TRUNC:
            raise RecordTooLong(len(data))
        if not data:
            raise StopIteration
        return data


def receive_records(sock):
    return list(Receiver(sock))
