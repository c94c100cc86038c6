# diagnosis: makes-it-wait
def send_everything(sock, data):
    sock.setblocking(True)
    sock.sendall(data)
    sock.setblocking(False)
    return len(data)
