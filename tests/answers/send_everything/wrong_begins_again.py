# diagnosis: sends-again
import select


def send_everything(sock, data):
    left = len(data)
    while left > 0:
        try:
            left -= sock.send(data[:left])
        except BlockingIOError:
            select.select([], [sock], [])
    return len(data)
