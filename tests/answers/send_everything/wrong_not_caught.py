# diagnosis: no-room-not-caught
def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        sent += sock.send(data[sent:])
    return sent
