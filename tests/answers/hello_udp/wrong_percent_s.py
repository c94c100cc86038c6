# diagnosis: shown-as-bytes
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
            if peer is None:
                return
        except OSError:
            return
        try:
            sock.sendto(("Hello, %s!" % name).encode(), peer)
        except OSError:
            pass
