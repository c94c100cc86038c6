# diagnosis: waits-for-bytes
import select


def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        try:
            sent += sock.send(data[sent:])
        except BlockingIOError:
            select.select([sock], [], [])
    return sent
