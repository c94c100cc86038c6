import select
import time


def send_reliably(sock, address, chunks):
    waiting = {number: b"%06d%06d" % (number, len(chunks)) + chunk for number, chunk in enumerate(chunks)}
    while waiting:
        for number in list(waiting)[:10]:
            sock.sendto(waiting[number], address)
        end = time.monotonic() + 0.03
        while waiting and select.select([sock], [], [], max(0, end - time.monotonic()))[0]:
            answer, sender = sock.recvfrom(100)
            if sender == address and answer.isdigit():
                waiting.pop(int(answer), None)


def receive_reliably(sock):
    chunks = {}
    peer, total = None, -1
    while len(chunks) != total or select.select([sock], [], [], 0.25)[0]:
        datagram, sender = sock.recvfrom(2000)
        peer = peer or sender
        if sender == peer:
            number, total = int(datagram[:6]), int(datagram[6:12])
            chunks[number] = datagram[12:]
            sock.sendto(datagram[:6], peer)
    return [chunks[number] for number in sorted(chunks)]
