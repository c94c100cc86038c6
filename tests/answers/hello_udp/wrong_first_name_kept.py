# diagnosis: other-client-answered
def hello_udp(sock):
    names = []
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        if len(names) == 3:
            names = []
        names.append(name)
        greeted = names[-2] if len(names) > 1 and name.startswith(b"bob1") else name
        try:
            sock.sendto(b"Hello, " + greeted + b"!", peer)
        except OSError:
            pass
