import select


def send_everything(sock, data):
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLOUT)
    sent = 0
    while sent < len(data):
        poll.poll()
        sent += sock.send(data[sent:sent + 1000])
    return sent
