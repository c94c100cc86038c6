# diagnosis: refuses-what-fits
def receive_records(sock):
    records = []
    while record := sock.recv(65536):
        if len(record) == 65536:
            raise ValueError("cut")
        records.append(record)
    return records
