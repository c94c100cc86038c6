# diagnosis: ignores-the-shutdown
def hello_udp(sock):
    while True:
        try:
            name, peer = sock.recvfrom(65535)
            sock.sendto(b"Hello, " + name + b"!", peer)
        except Exception:
            pass
