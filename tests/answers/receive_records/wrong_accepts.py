# diagnosis: raised
def receive_records(sock):
    conn, peer = sock.accept()
    return list(iter(lambda: conn.recv(65536), b""))
