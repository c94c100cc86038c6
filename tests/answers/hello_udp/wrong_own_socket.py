# diagnosis: hangs
import socket


def hello_udp(sock):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        while True:
            name, peer = server.recvfrom(65535)
            server.sendto(b"Hello, " + name + b"!", peer)
