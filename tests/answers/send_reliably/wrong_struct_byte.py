# diagnosis: number-too-small
import struct


def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate([*chunks, b""]):
        head = struct.pack("B", number)
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
            return chunks
        if data[0] == len(chunks):
            if data[1:]:
                chunks.append(data[1:])
            else:
                sock.settimeout(0.2)
        sock.sendto(data[:1], peer)
