import struct


def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    packets = [struct.pack("!IB", number, 0) + chunk for number, chunk in enumerate(chunks)]
    packets.append(struct.pack("!IB", len(chunks), 1))
    for packet in packets:
        wanted = packet[:4]
        done = False
        while not done:
            sock.sendto(packet, address)
            try:
                while True:
                    answer, sender = sock.recvfrom(100)
                    if sender == address and answer == wanted:
                        done = True
                        break
            except TimeoutError:
                pass


def receive_reliably(sock):
    chunks = []
    peer = None
    over = False
    while True:
        try:
            packet, sender = sock.recvfrom(1500)
        except TimeoutError:
            return chunks
        if peer is None:
            peer = sender
        if sender != peer:
            continue
        number, last = struct.unpack("!IB", packet[:5])
        if number == len(chunks):
            if last:
                over = True
                sock.settimeout(0.25)
            else:
                chunks.append(packet[5:])
        if number < len(chunks) or over:
            sock.sendto(packet[:4], peer)
