import socket


def hello_udp(sock: socket.socket) -> None:
    while True:
        try:
            name, _, _, peer = sock.recvmsg(65535)
        except OSError:
            return
        if peer is None:
            return
        try:
            sock.sendmsg([b"Hello, ", name, b"!"], [], 0, peer)
        except OSError:
            continue
