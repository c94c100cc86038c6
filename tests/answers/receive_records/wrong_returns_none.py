# diagnosis: returned-none
def receive_records(sock):
    records = list(iter(lambda: sock.recv(65536), b""))
