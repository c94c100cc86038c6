# diagnosis: cut-unnoticed
import socket


def receive_records(sock):
    records = []
    while True:
        record, _, flags, _ = sock.recvmsg(65536)
        if flags & socket.MSG_TRUNC:
            return ValueError("cut")
        if not record:
            return records
        records.append(record)
