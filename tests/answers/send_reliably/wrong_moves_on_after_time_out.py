# diagnosis: unanswered
def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate([*chunks, b"", b"", b""]):
        head = number.to_bytes(4, "big")
        sock.sendto(head + chunk, address)
        try:
            while sock.recvfrom(1000) != (head, address):
                pass
        except TimeoutError:
            pass


def receive_reliably(sock):
    chunks = {}
    while True:
        try:
            data, peer = sock.recvfrom(2000)
        except TimeoutError:
            return [chunks[number] for number in sorted(chunks)]
        if data[4:]:
            chunks[data[:4]] = data[4:]
        else:
            sock.settimeout(0.2)
        sock.sendto(data[:4], peer)
