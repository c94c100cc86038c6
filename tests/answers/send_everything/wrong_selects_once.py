# diagnosis: short-send
import select


def send_everything(sock, data):
    select.select([], [sock], [])
    sock.send(data)
    return len(data)
