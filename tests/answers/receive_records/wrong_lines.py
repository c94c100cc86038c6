# diagnosis: splits-records
def receive_records(sock):
    heard = []
    while data := sock.recv(65537):
        if len(data) > 65536:
            raise ValueError("cut")
        heard += data.splitlines(keepends=True)
    return heard
