# diagnosis: empty-ignored
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        if len(name) == 0:
            continue
        try:
            sock.sendto(b"Hello, " + name + b"!", peer)
        except OSError:
            pass
