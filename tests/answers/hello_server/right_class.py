import threading


class Client(threading.Thread):
    def __init__(self, conn):
        super().__init__(daemon=True)
        self.conn = conn
        self.rest = b""

    def lines(self):
        while data := self.conn.recv(16):
            *whole, self.rest = (self.rest + data).split(b"\n")
            yield from whole

    def say(self, text):
        self.conn.sendall(text.encode() + b"\n")

    def run(self):
        with self.conn:
            try:
                self.say("welcome!")
                for line in self.lines():
                    if line == b"exit":
                        break
                    self.say("hello " + line.decode())
            except (ConnectionError, UnicodeError):
                pass


class Server:
    def __init__(self, listener):
        self.listener = listener

    def run(self):
        try:
            while True:
                Client(self.listener.accept()[0]).start()
        except OSError:
            return


def hello_server(listener):
    Server(listener).run()
