# diagnosis: never-answers
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        print(b"Hello, " + name + b"!")
