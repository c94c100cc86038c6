# diagnosis: other-words
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        try:
            sock.sendto(b"welcome, " + name, peer)
        except OSError:
            pass
