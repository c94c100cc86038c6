import select
import socketserver


class HelloHandler(socketserver.BaseRequestHandler):
    def handle(self):
        conn, data = self.request, b""
        conn.sendall(b"welcome!\n")
        while True:
            select.select([conn], [], [])
            new = conn.recv(4096)
            if not new:
                return
            data += new
            *names, data = data.split(b"\n")
            for name in names:
                if name == b"exit":
                    return
                conn.sendall(b"hello " + name + b"\n")
