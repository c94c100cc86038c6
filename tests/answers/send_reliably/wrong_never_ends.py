# diagnosis: never-ends
def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate(chunks):
        head = number.to_bytes(4, "big")
        while True:
            sock.sendto(head + chunk, address)
            try:
                while sock.recvfrom(1000) != (head, address):
                    pass
                break
            except TimeoutError:
                pass


def receive_reliably(sock):
    chunks = []
    while True:
        data, peer = sock.recvfrom(2000)
        if not data:
            return chunks
        if int.from_bytes(data[:4], "big") == len(chunks):
            chunks.append(data[4:])
        sock.sendto(data[:4], peer)
