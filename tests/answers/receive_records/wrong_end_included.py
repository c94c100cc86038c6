# diagnosis: end-is-no-record
import socket


def receive_records(sock):
    records = []
    record = None
    while record != b"":
        record, _, flags, _ = sock.recvmsg(65536)
        if flags & socket.MSG_TRUNC:
            raise ValueError("cut")
        records.append(record)
    return records
