# diagnosis: decode-error
def receive_records(sock):
    records = []
    while record := sock.recv(65537):
        if len(record) > 65536:
            raise ValueError("cut")
        records.append(record.decode().encode())
    return records
