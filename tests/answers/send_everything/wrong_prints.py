# diagnosis: printed-not-returned
import select


def send_everything(sock, data):
    length = len(data)
    while data:
        select.select([], [sock], [])
        data = data[sock.send(data):]
    print(length)
