import json
import base64


def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate(chunks):
        message = json.dumps([number, len(chunks), base64.b64encode(chunk).decode()]).encode()
        answer = None
        while answer != ("got %d" % number, address):
            sock.sendto(message, address)
            try:
                answer = None
                while answer is None or answer[1] != address:
                    data, who = sock.recvfrom(2000)
                    answer = data.decode(), who
            except TimeoutError:
                pass


def receive_reliably(sock):
    found = {}
    peer = total = None
    while True:
        if total is not None and len(found) == total:
            sock.settimeout(0.25)
        try:
            data, who = sock.recvfrom(4000)
        except TimeoutError:
            break
        peer = peer or who
        if who != peer:
            continue
        number, total, text = json.loads(data)
        found[number] = base64.b64decode(text)
        sock.sendto(b"got %d" % number, peer)
    return [found[number] for number in range(total)]
