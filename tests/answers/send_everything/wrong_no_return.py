# diagnosis: returned-none
import select


def send_everything(sock, data):
    while data:
        select.select([], [sock], [])
        data = data[sock.send(data):]
