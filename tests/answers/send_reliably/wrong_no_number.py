# diagnosis: taken-twice
def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for chunk in [*chunks, b""]:
        while True:
            sock.sendto(chunk, address)
            try:
                sock.recvfrom(1000)
                break
            except TimeoutError:
                pass


def receive_reliably(sock):
    chunks = []
    while True:
        try:
            data, peer = sock.recvfrom(2000)
        except TimeoutError:
            return chunks
        if data:
            chunks.append(data)
        else:
            sock.settimeout(0.2)
        sock.sendto(b"ok", peer)
