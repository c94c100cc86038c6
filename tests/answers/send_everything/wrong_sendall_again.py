# diagnosis: sendall-without-waiting
import select


def send_everything(sock, data):
    while True:
        try:
            sock.sendall(data)
            return len(data)
        except BlockingIOError:
            select.select([], [sock], [])
