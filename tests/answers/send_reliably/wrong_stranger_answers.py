# diagnosis: stranger-believed
def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate([*chunks, b""]):
        head = number.to_bytes(4, "big")
        while True:
            sock.sendto(head + chunk, address)
            try:
                while sock.recv(1000) != head:
                    pass
                break
            except TimeoutError:
                pass


def receive_reliably(sock):
    chunks, sender = {}, None
    while True:
        try:
            data, peer = sock.recvfrom(2000)
        except TimeoutError:
            return [chunks[number] for number in sorted(chunks)]
        sender = sender or peer
        if sender != peer:
            continue
        if data[4:]:
            chunks[data[:4]] = data[4:]
        else:
            sock.settimeout(0.2)
        sock.sendto(data[:4], peer)
