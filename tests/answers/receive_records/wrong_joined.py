# diagnosis: joins-records
def receive_records(sock):
    heard = b""
    while data := sock.recv(65536):
        heard += data
    return heard
