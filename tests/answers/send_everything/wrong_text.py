# diagnosis: str-sent
import select


def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        select.select([], [sock], [])
        sent += sock.send(str(data[sent:]))
    return sent
