# diagnosis: not-bytes
def receive_records(sock):
    records = []
    while record := sock.recv(65536):
        records.append(record.decode())
    return records
