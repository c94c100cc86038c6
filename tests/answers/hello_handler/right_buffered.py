import socketserver


class HelloHandler(socketserver.StreamRequestHandler):
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle(self):
        self.wfile.write(b"welcome!\n")
        self.wfile.flush()
        for line in self.rfile:
            if line.strip() == b"exit":
                break
            self.wfile.write(b"".join([b"hello ", line]))
            self.wfile.flush()
