# diagnosis: accepts-any-length
import socket


def receive_records(sock):
    records = []
    while True:
        record, _, flags, _ = sock.recvmsg(1_000_000)
        if flags & socket.MSG_TRUNC:
            raise ValueError("cut")
        if not record:
            return records
        records.append(record)
