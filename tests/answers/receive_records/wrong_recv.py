# diagnosis: cut-unnoticed
def receive_records(sock):
    records = []
    while record := sock.recv(65536):
        records.append(record)
    return records
