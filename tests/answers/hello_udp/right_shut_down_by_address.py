def hello_udp(sock):
    while True:
        try:
            name, address = sock.recvfrom(65507)
        except OSError:
            break
        if not address:
            break
        try:
            sock.sendto(b"Hello, %b!" % name, address)
        except OSError:
            pass
