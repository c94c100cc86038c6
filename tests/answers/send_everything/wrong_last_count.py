# diagnosis: returns-the-last-count
import select


def send_everything(sock, data):
    sent = 0
    while data:
        select.select([], [sock], [])
        sent = sock.send(data)
        data = data[sent:]
    return sent
