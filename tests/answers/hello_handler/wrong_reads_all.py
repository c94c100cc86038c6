# diagnosis: names-not-answered
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        for line in self.rfile.read().splitlines():
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            self.wfile.write(f"hello {name}\n".encode())
