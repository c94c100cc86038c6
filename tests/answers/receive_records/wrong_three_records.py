# diagnosis: end-is-no-record
def receive_records(sock):
    return [sock.recv(65536) for _ in range(3)]
