import selectors


def send_everything(sock, data):
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        done = 0
        view = memoryview(data)
        while done != len(data):
            for _ in selector.select():
                done += sock.send(view[done:])
    return done
