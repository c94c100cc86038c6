# diagnosis: str-sent
def send_reliably(sock, address, chunks):
    sock.settimeout(0.03)
    for number, chunk in enumerate(chunks):
        sock.sendto(f"{number}:{chunk}", address)
        sock.recvfrom(1000)


def receive_reliably(sock):
    chunks = []
    while True:
        data, peer = sock.recvfrom(2000)
        chunks.append(data.partition(b":")[2])
        sock.sendto(data, peer)
