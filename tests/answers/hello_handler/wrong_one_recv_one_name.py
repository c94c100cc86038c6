# diagnosis: no-framing
import socketserver
import sys


class HelloHandler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"welcome!\n")
        while data := self.request.recv(1024):
            name = data.decode(errors="replace").strip()
            if name == "exit":
                return
            self.request.sendall(f"hello {name}\n".encode())
