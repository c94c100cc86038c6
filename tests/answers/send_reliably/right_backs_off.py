def send_reliably(sock, address, chunks):
    for number, chunk in enumerate([*chunks, b""]):
        head = number.to_bytes(4, "big")
        pause = 0.02
        while True:
            sock.sendto(head + chunk, address)
            sock.settimeout(pause)
            try:
                while sock.recvfrom(1000) != (b"ok" + head, address):
                    pass
                break
            except TimeoutError:
                pause = min(0.16, pause * 2)


def receive_reliably(sock):
    data, peer = sock.recvfrom(2000)
    chunks = []
    seconds = None
    while True:
        if int.from_bytes(data[:4], "big") == len(chunks):
            if data[4:]:
                chunks.append(data[4:])
            else:
                seconds = 0.5
        if int.from_bytes(data[:4], "big") <= len(chunks):
            sock.sendto(b"ok" + data[:4], peer)
        sock.settimeout(seconds)
        sender = None
        try:
            while sender != peer:
                data, sender = sock.recvfrom(2000)
        except TimeoutError:
            return chunks
