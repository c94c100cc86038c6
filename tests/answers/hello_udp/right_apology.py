def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
            if peer is None:
                return
        except OSError:
            return
        try:
            sock.sendto(b"Hello, " + name + b"!", peer)
        except OSError:
            sock.sendto(b"Sorry, that is too long for me.", peer)
