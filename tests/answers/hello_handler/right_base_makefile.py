import socketserver


def conversation(conn):
    with conn.makefile("rwb", buffering=0) as raw:
        raw.write(b"welcome!\n")
        for line in raw:
            if line.rstrip(b"\n") == b"exit":
                return
            raw.write(b"hello " + line)


class HelloHandler(socketserver.BaseRequestHandler):
    def handle(self):
        conversation(self.request)
