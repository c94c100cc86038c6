# diagnosis: closed-raises
import contextlib


def hello_udp(sock):
    while True:
        name, peer = sock.recvfrom(65535)
        if peer is None:
            return
        with contextlib.suppress(OSError):
            sock.sendto(b"Hello, " + name + b"!", peer)
