# diagnosis: silence-is-not-the-end
def receive_records(sock):
    sock.setblocking(False)
    records = []
    try:
        while record := sock.recv(65537):
            if len(record) > 65536:
                raise ValueError("cut")
            records.append(record)
    except BlockingIOError:
        pass
    return records
