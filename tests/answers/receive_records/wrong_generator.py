# diagnosis: generator-returned
def receive_records(sock):
    while record := sock.recv(65536):
        yield record
