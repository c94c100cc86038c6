# diagnosis: name-not-defined
def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        select.select([], [sock], [])
        sent += sock.send(data[sent:])
    return sent
