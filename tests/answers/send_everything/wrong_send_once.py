# diagnosis: short-send
def send_everything(sock, data):
    return sock.send(data)
