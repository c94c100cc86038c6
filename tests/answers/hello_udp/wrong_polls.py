# diagnosis: time-out-hides-the-end
def hello_udp(sock):
    sock.settimeout(0.05)
    while True:
        try:
            name, peer = sock.recvfrom(65535)
        except TimeoutError:
            continue
        except OSError:
            return
        if peer is None:
            return
        try:
            sock.sendto(b"Hello, " + name + b"!", peer)
        except OSError:
            pass
