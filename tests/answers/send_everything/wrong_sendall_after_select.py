# diagnosis: sendall-without-waiting
import select


def send_everything(sock, data):
    select.select([], [sock], [])
    sock.sendall(data)
    return len(data)
