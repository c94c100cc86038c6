# diagnosis: too-long-ends-it
def hello_udp(sock):
    try:
        while True:
            name, peer = sock.recvfrom(65535)
            if peer is None:
                return
            sock.sendto(b"Hello, " + name + b"!", peer)
    except OSError:
        return
