import socketserver


class HelloHandler(socketserver.BaseRequestHandler):
    def lines(self):
        rest = b""
        while data := self.request.recv(64):
            *whole, rest = (rest + data).split(b"\n")
            yield from whole

    def handle(self):
        self.request.sendall(b"welcome!\n")
        for line in self.lines():
            if line == b"exit":
                break
            self.request.sendall(b"hello %s\n" % line)
