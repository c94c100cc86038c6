# diagnosis: silence-is-not-the-end
def receive_records(sock):
    sock.settimeout(0.02)
    records = []
    while record := sock.recv(65537):
        if len(record) > 65536:
            raise ValueError("cut")
        records.append(record)
    return records
