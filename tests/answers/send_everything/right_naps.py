import time


def send_everything(sock, data):
    sent = 0
    while sent < len(data):
        try:
            sent += sock.send(data[sent:])
        except BlockingIOError:
            time.sleep(0.002)
    return sent
