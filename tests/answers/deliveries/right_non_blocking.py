from socket import socketpair


def deliveries(kind, messages):
    a, b = socketpair(type=kind)
    b.setblocking(False)
    found = []
    with a, b:
        for m in messages:
            a.sendall(m)
        try:
            while True:
                found.append(b.recv(1 << 16))
        except BlockingIOError:
            return found
