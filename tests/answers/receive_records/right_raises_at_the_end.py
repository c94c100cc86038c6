import socket


def receive_records(sock):
    records, cut = [], False
    while True:
        record, _, flags, _ = sock.recvmsg(65536)
        if not record:
            break
        cut = cut or bool(flags & socket.MSG_TRUNC)
        records.append(record)
    if cut:
        raise ValueError("at least one record was cut")
    return records
