# diagnosis: swallows-the-reset
import select


def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        try:
            select.select([], [sock], [])
            sent += sock.send(data[sent:])
        except OSError as error:
            print(error)
            break
    return sent
