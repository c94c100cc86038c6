import select


def hello_udp(sock):
    while sock.fileno() != -1:
        select.select([sock], [], [])
        try:
            name, peer = sock.recvfrom(65535)
            if peer is None:
                return
            sock.sendto(b"Hello, " + name + b"!", peer)
        except OSError as problem:
            if sock.fileno() == -1:
                return
