from select import select


def send_everything(sock, data):
    length = len(data)
    while data:
        select([], [sock], [])
        sent = sock.send(data)
        data = data[sent:]
    return length
