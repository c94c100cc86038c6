# diagnosis: cut-short
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(1024)
        except OSError:
            return
        if peer is None:
            return
        try:
            sock.sendto(b"Hello, " + name + b"!", peer)
        except OSError:
            pass
