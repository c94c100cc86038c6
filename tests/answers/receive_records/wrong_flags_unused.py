# diagnosis: cut-unnoticed
def receive_records(sock):
    records = []
    while True:
        record, _, flags, _ = sock.recvmsg(65536)
        if not record:
            return records
        records.append(record)
