# diagnosis: not-bytes
def receive_records(sock):
    records = []
    while True:
        got = sock.recvmsg(65536)
        if not got[0]:
            return records
        records.append(got)
