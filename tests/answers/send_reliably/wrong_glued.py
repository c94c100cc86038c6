# diagnosis: glued
def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate([*chunks, b""]):
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
        try:
            data, peer = sock.recvfrom(2000)
        except TimeoutError:
            return b"".join(chunks)
        if int.from_bytes(data[:4], "big") == len(chunks):
            if data[4:]:
                chunks.append(data[4:])
            else:
                sock.settimeout(0.2)
        sock.sendto(data[:4], peer)
