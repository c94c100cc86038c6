import zlib


def packed(number, chunk=b""):
    body = number.to_bytes(3, "little") + chunk
    return zlib.crc32(body).to_bytes(4, "little") + body


def unpacked(datagram):
    if len(datagram) < 7 or zlib.crc32(datagram[4:]) != int.from_bytes(datagram[:4], "little"):
        return None, b""
    return int.from_bytes(datagram[4:7], "little"), datagram[7:]


def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate((*chunks, b"")):
        heard = None
        while heard != number:
            sock.sendto(packed(number, chunk), address)
            try:
                while heard != number:
                    datagram, sender = sock.recvfrom(65535)
                    heard = unpacked(datagram)[0] if sender == address else None
            except TimeoutError:
                continue


def receive_reliably(sock):
    chunks, peer = [], None
    try:
        while True:
            datagram, sender = sock.recvfrom(65535)
            number, chunk = unpacked(datagram)
            if number is None or sender != (peer or sender):
                continue
            peer = sender
            if number == len(chunks):
                if chunk:
                    chunks.append(chunk)
                else:
                    sock.settimeout(0.3)
            if number <= len(chunks):
                sock.sendto(packed(number), sender)
    except TimeoutError:
        return chunks
