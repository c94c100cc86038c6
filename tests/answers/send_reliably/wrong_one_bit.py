# diagnosis: old-taken-for-new
def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    bit = 0
    for chunk in [*chunks, b""]:
        while True:
            sock.sendto(b"%d" % bit + chunk, address)
            try:
                while sock.recvfrom(1000) != (b"%d" % bit, address):
                    pass
                break
            except TimeoutError:
                pass
        bit = 1 - bit


def receive_reliably(sock):
    chunks = []
    expected = b"0"
    while True:
        try:
            data, peer = sock.recvfrom(2000)
        except TimeoutError:
            return chunks
        if data[:1] == expected:
            expected = b"1" if expected == b"0" else b"0"
            if data[1:]:
                chunks.append(data[1:])
            else:
                sock.settimeout(0.2)
        sock.sendto(data[:1], peer)
