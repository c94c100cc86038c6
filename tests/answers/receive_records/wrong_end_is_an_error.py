# diagnosis: refuses-what-fits
import socket


def receive_records(sock):
    records = []
    while True:
        record, _, flags, _ = sock.recvmsg(65536)
        if flags & socket.MSG_TRUNC or not record:
            raise ValueError("cut, or at the end")
        records.append(record)
