# diagnosis: raised
import select


def send_everything(sock, data):
    data = data.encode()
    sent = 0
    while sent < len(data):
        select.select([], [sock], [])
        sent += sock.send(data[sent:])
    return sent
