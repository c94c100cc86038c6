# diagnosis: returns-what-is-left
import select


def send_everything(sock, data):
    while data:
        select.select([], [sock], [])
        data = data[sock.send(data):]
    return len(data)
