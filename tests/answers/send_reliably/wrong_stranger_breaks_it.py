# diagnosis: stranger-breaks-it
import struct


def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate([*chunks, b""]):
        head = struct.pack("!I", number)
        while True:
            sock.sendto(head + chunk, address)
            try:
                while sock.recvfrom(1000) != (head, address):
                    pass
                break
            except TimeoutError:
                pass


def receive_reliably(sock):
    chunks, sender = [], None
    while True:
        try:
            data, peer = sock.recvfrom(2000)
        except TimeoutError:
            return chunks
        number = struct.unpack("!I", data[:4])[0]
        sender = sender or peer
        if sender != peer:
            continue
        if number == len(chunks):
            if data[4:]:
                chunks.append(data[4:])
            else:
                sock.settimeout(0.2)
        sock.sendto(data[:4], peer)
