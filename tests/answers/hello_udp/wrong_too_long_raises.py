# diagnosis: too-long-ends-it
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        sock.sendto(b"Hello, " + name + b"!", peer)
