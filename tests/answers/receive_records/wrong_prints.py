# diagnosis: printed-not-returned
def receive_records(sock):
    print(list(iter(lambda: sock.recv(65536), b"")))
