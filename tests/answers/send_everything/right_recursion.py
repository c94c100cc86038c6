import select


def send_everything(sock, data):
    if not data:
        return 0
    try:
        sent = sock.send(data[:1000])
    except BlockingIOError:
        select.select([], [sock], [])
        sent = 0
    return sent + send_everything(sock, data[sent:])
