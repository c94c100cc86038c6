import os
import select


def send_everything(sock, data):
    fd = sock.fileno()
    n = 0
    while n < len(data):
        _, room, _ = select.select([], [fd], [], 1.0)
        if room:
            try:
                n += os.write(fd, data[n:])
            except BlockingIOError:
                pass
    return n
