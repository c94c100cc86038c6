def receive_records(sock):
    records = []
    while record := sock.recv(65537):
        if len(record) > 65536:
            raise ValueError(f"a record has more than 65,536 bytes: {record[:10]}…")
        records.append(record)
    return records
