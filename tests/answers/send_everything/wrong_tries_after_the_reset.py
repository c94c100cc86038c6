# diagnosis: swallows-the-reset
import select


def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        try:
            select.select([], [sock], [], 0.05)
            sent += sock.send(data[sent:])
        except OSError:
            pass
    return sent
