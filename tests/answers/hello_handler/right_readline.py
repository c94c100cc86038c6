import socketserver


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        while (line := self.rfile.readline()) not in (b"", b"exit\n"):
            self.wfile.write(b"hello " + line)
