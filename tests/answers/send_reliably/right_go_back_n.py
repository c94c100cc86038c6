import time

WINDOW = 8


def send_reliably(sock, address, chunks):
    datagrams = [number.to_bytes(4, "big") + chunk for number, chunk in enumerate([*chunks, b""])]
    base = 0
    while base < len(datagrams):
        for datagram in datagrams[base : base + WINDOW]:
            sock.sendto(datagram, address)
        end = time.monotonic() + 0.04
        while base < len(datagrams) and (left := end - time.monotonic()) > 0:
            sock.settimeout(left)
            try:
                answer, sender = sock.recvfrom(100)
            except TimeoutError:
                break
            if sender == address and len(answer) == 4:
                # cumulative: all below this number have arrived
                upto = int.from_bytes(answer, "big")
                if upto > base:
                    base = upto
                    if base % WINDOW == 0:
                        break


def receive_reliably(sock):
    chunks, sender, ended = [], None, False
    while True:
        try:
            datagram, source = sock.recvfrom(2000)
        except TimeoutError:
            return chunks
        if sender is None:
            sender = source
        if source != sender:
            continue
        if int.from_bytes(datagram[:4], "big") == len(chunks) and not ended:
            if datagram[4:]:
                chunks.append(datagram[4:])
            else:
                ended = True
                sock.settimeout(0.3)
        sock.sendto((len(chunks) + ended).to_bytes(4, "big"), sender)
