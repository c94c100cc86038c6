def hello_udp(sock):
    room = bytearray(b"Hello, " + bytes(65535))
    view = memoryview(room)
    try:
        while True:
            size, peer = sock.recvfrom_into(view[7:])
            if peer is None:
                return
            room[7 + size] = ord("!")
            if size + 8 <= 65507:
                sock.sendto(view[: size + 8], peer)
    except OSError:
        return
