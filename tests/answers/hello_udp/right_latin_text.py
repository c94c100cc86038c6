def hello_udp(sock):
    while True:
        try:
            data, peer = sock.recvfrom(65535)
        except OSError:
            return
        if peer is None:
            return
        text = f"Hello, {data.decode('latin-1')}!"
        try:
            sock.sendto(text.encode("latin-1"), peer)
        except OSError:
            pass
