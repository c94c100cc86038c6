# diagnosis: silence-is-not-the-end
def receive_records(sock):
    sock.settimeout(0.02)
    records = []
    while True:
        try:
            record = sock.recv(65537)
        except TimeoutError:
            return records
        if not record:
            return records
        if len(record) > 65536:
            raise ValueError("cut")
        records.append(record)
