# diagnosis: closes-the-socket
import socket


def receive_records(sock):
    records = []
    with sock:
        while True:
            record, _, flags, _ = sock.recvmsg(65536)
            if flags & socket.MSG_TRUNC:
                raise ValueError("cut")
            if not record:
                return records
            records.append(record)
