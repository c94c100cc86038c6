# diagnosis: tries-without-waiting
def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        try:
            sent += sock.send(data[sent:])
        except BlockingIOError:
            continue
    return sent
