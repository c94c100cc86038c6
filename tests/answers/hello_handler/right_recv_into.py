import socketserver


class HelloHandler(socketserver.BaseRequestHandler):
    def handle(self):
        conn = self.request
        conn.sendall(b"welcome!\n")
        room = bytearray(256)
        kept = bytearray()
        while count := conn.recv_into(room):
            kept += room[:count]
            while (end := kept.find(b"\n")) >= 0:
                name = bytes(kept[:end])
                del kept[: end + 1]
                if name == b"exit":
                    return
                conn.sendall(b"hello " + name + b"\n")
