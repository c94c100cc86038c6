# diagnosis: another-error
import socket


def receive_records(sock):
    records = []
    while True:
        record, _, flags, _ = sock.recvmsg(65536)
        assert not flags & socket.MSG_TRUNC
        if not record:
            return records
        records.append(record)
