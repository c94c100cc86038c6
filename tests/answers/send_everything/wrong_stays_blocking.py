# diagnosis: makes-it-wait
def send_everything(sock, data):
    sock.settimeout(None)
    sock.sendall(data)
    return len(data)
