# diagnosis: stops-early
def receive_records(sock):
    return [sock.recv(65536)]
