class Talker:
    def __init__(self, sock, peer=None):
        self.sock = sock
        self.peer = peer

    def hear(self, seconds):
        self.sock.settimeout(seconds)
        try:
            while True:
                data, who = self.sock.recvfrom(3000)
                self.peer = self.peer or who
                if who == self.peer:
                    return data
        except TimeoutError:
            return None

    def say(self, data):
        self.sock.sendto(data, self.peer)


def send_reliably(sock, address, chunks):
    talker = Talker(sock, address)
    for number, chunk in enumerate(chunks, 1):
        talker.say(b"C" + number.to_bytes(2, "big") + chunk)
        while talker.hear(0.03) != b"A" + number.to_bytes(2, "big"):
            talker.say(b"C" + number.to_bytes(2, "big") + chunk)
    for _ in range(10):
        talker.say(b"E" + len(chunks).to_bytes(2, "big"))
        answer = talker.hear(0.03)
        while answer is not None:
            if answer == b"bye":
                return
            answer = talker.hear(0.03)


def receive_reliably(sock):
    talker = Talker(sock)
    chunks = []
    over = False
    while True:
        data = talker.hear(0.3 if over else None)
        if data is None:
            return chunks
        number = int.from_bytes(data[1:3], "big")
        if data[:1] == b"C":
            if number == len(chunks) + 1:
                chunks.append(data[3:])
            if number <= len(chunks):
                talker.say(b"A" + data[1:3])
        elif number == len(chunks):
            over = True
            talker.say(b"bye")
