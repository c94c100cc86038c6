# diagnosis: unanswered
def send_reliably(sock, address, chunks):
    for number, chunk in enumerate(chunks):
        sock.sendto(number.to_bytes(4, "big") + chunk, address)
        sock.recvfrom(1000) if number % 50 == 49 else None
    for _ in range(5):
        sock.sendto(b"", address)


def receive_reliably(sock):
    chunks = {}
    while True:
        data, peer = sock.recvfrom(2000)
        if not data:
            return [chunks[number] for number in sorted(chunks)]
        number = int.from_bytes(data[:4], "big")
        chunks[number] = data[4:]
        if number % 50 == 49:
            sock.sendto(b"go on", peer)
