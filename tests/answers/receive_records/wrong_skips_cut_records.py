# diagnosis: cut-unnoticed
import socket


def receive_records(sock):
    records = []
    while True:
        record, _, flags, _ = sock.recvmsg(65536)
        if not record:
            return records
        if not flags & socket.MSG_TRUNC:
            records.append(record)
