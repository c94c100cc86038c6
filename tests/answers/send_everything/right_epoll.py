import select


def send_everything(sock, data):
    rest = data
    with select.epoll() as epoll:
        epoll.register(sock, select.EPOLLOUT | select.EPOLLET)
        while rest:
            try:
                while rest:
                    rest = rest[sock.send(rest):]
            except BlockingIOError:
                epoll.poll()
    return len(data) - len(rest)
