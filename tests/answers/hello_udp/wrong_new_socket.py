# diagnosis: another-socket
import socket


def hello_udp(sock):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        while True:
            try:
                name, peer = sock.recvfrom(65535)
            except OSError:
                return
            if peer is None:
                return
            try:
                out.sendto(b"Hello, " + name + b"!", peer)
            except OSError:
                pass
