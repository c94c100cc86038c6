# diagnosis: no-end-check
import socket


def receive_records(sock):
    records = []
    while True:
        record, _, flags, _ = sock.recvmsg(65536)
        if flags & socket.MSG_TRUNC:
            raise ValueError("cut")
        if record:
            records.append(record)
