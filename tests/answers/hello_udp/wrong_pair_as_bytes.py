# diagnosis: pair-not-unpacked
def hello_udp(sock):
    while True:
        try:
            name = sock.recvfrom(65535)
        except OSError:
            return
        sock.sendto(b"Hello, " + name + b"!", name[1])
