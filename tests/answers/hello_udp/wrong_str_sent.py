# diagnosis: str-sent
def hello_udp(sock):
    while True:
        name, peer = sock.recvfrom(65535)
        if peer is None:
            return
        sock.sendto("Hello, " + name.decode() + "!", peer)
