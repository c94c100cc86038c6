# diagnosis: out-of-order
def send_reliably(sock, address, chunks):
    sock.settimeout(0.05)
    waiting = {number.to_bytes(4, "big"): chunk for number, chunk in enumerate(chunks)}
    while waiting:
        for head in list(waiting)[:3]:
            sock.sendto(head + waiting[head], address)
        try:
            for _ in range(3):
                answer, sender = sock.recvfrom(1000)
                if sender == address:
                    waiting.pop(answer, None)
        except TimeoutError:
            pass
    for _ in range(10):
        sock.sendto(b"", address)


def receive_reliably(sock):
    chunks, seen = [], set()
    while True:
        data, peer = sock.recvfrom(2000)
        if not data:
            return chunks
        if data[:4] not in seen:
            seen.add(data[:4])
            chunks.append(data[4:])
        sock.sendto(data[:4], peer)
