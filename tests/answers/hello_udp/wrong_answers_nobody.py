# diagnosis: end-not-noticed
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        try:
            sock.sendto(b"Hello, " + name + b"!", peer)
        except OSError:
            pass
