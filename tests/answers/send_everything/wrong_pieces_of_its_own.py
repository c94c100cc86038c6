# diagnosis: skips-bytes
import select


def send_everything(sock, data):
    for start in range(0, len(data), 20000):
        select.select([], [sock], [])
        sock.send(data[start:start + 20000])
    return len(data)
