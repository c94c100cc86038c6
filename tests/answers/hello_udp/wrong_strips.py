# diagnosis: changes-the-bytes
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        try:
            sock.sendto(b"Hello, " + name.strip() + b"!", peer)
        except OSError:
            pass
