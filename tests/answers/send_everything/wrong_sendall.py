# diagnosis: sendall-without-waiting
def send_everything(sock, data):
    sock.sendall(data)
    return len(data)
