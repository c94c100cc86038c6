class Greeter:
    def __init__(self, sock):
        self.sock = sock
        self.open = True

    def hear(self):
        try:
            return self.sock.recvfrom(1 << 16)
        except OSError:
            return b"", None

    def greet(self, name, peer):
        try:
            self.sock.sendto(b"Hello, " + name + b"!", peer)
        except OSError:
            pass

    def run(self):
        while self.open:
            name, peer = self.hear()
            if peer is None:
                self.open = False
            else:
                self.greet(name, peer)


def hello_udp(sock):
    Greeter(sock).run()
