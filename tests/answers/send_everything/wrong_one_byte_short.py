# diagnosis: short-send
import select


def send_everything(sock, data):
    sent = 0
    while sent < len(data) - 1:
        select.select([], [sock], [])
        sent += sock.send(data[sent:-1])
    return len(data)
