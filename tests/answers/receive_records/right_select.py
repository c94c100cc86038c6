import select
import socket


def receive_records(sock):
    sock.setblocking(False)
    got = []
    while True:
        select.select([sock], [], [])
        data, _, flags, _ = sock.recvmsg(65536)
        if flags & socket.MSG_TRUNC:
            raise ValueError("cut")
        if not data:
            return got
        got.append(data)
