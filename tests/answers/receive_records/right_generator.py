import socket


def records_of(sock):
    while True:
        data, ancillary, flags, address = sock.recvmsg(65536)
        if flags & socket.MSG_TRUNC != 0:
            raise ValueError("truncated")
        if data == b"":
            return
        yield data


def receive_records(sock):
    return [*records_of(sock)]
