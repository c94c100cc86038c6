# diagnosis: tries-without-waiting
import select


def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        _, room, _ = select.select([], [sock], [], 0)
        if room:
            sent += sock.send(data[sent:])
    return sent
