# diagnosis: sends-again
import select


def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        select.select([], [sock], [])
        sent += sock.send(data)
    return sent
