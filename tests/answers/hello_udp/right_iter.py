def hello_udp(sock):
    def next_one():
        try:
            return sock.recvfrom(65535)
        except OSError:
            return b"", None

    for name, peer in iter(next_one, (b"", None)):
        try:
            sock.sendto(b"".join([b"Hello, ", name, b"!"]), peer)
        except OSError as error:
            print("not answered:", error)
