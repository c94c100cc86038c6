import select


def send_everything(sock, data):
    total = 0
    while total < len(data):
        try:
            total += sock.send(data[total:])
        except BlockingIOError:
            select.select([], [sock], [])
    return total
