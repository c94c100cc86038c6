# diagnosis: closes-the-socket
import select


def send_everything(sock, data):
    sent = 0
    with sock:
        while sent < len(data):
            select.select([], [sock], [])
            sent += sock.send(data[sent:])
    return sent
