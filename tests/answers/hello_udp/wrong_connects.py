# diagnosis: connects
def hello_udp(sock):
    connected = False
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        if not connected:
            sock.connect(peer)
            connected = True
        try:
            sock.send(b"Hello, " + name + b"!")
        except OSError:
            pass
