import socketserver
from contextlib import suppress


class Lines:
    def lines(self):
        with suppress(OSError):
            yield from map(bytes.strip, self.rfile)


class HelloHandler(Lines, socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        self.request.send(b"welcome!\n")
        for name in self.lines():
            match name:
                case b"exit":
                    break
                case _:
                    self.request.send(b"hello " + name + b"\n")
