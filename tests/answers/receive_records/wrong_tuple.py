# diagnosis: not-a-list
def receive_records(sock):
    return tuple(iter(lambda: sock.recv(65536), b""))
