# diagnosis: decode-error
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        text = "Hello, " + name.decode() + "!"
        try:
            sock.sendto(text.encode(), peer)
        except OSError:
            pass
