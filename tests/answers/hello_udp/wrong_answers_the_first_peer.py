# diagnosis: one-client-only
def hello_udp(sock):
    first = None
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        first = first or peer
        try:
            sock.sendto(b"Hello, " + name + b"!", first)
        except OSError:
            pass
