# diagnosis: no-room
def receive_records(sock):
    records = []
    while record := sock.recv(1024):
        records.append(record)
    return records
