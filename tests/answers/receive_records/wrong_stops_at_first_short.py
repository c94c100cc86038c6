# diagnosis: stops-early
def receive_records(sock):
    records = []
    while True:
        record = sock.recv(65536)
        records.append(record)
        if len(record) < 65536:
            return records
