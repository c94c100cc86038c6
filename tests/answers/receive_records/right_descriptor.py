import os


def receive_records(sock):
    records = []
    while True:
        record = os.read(sock.fileno(), 65537)
        if len(record) > 65536:
            raise ValueError("longer than 65,536 bytes")
        if record == b"":
            return records
        records.append(record)
