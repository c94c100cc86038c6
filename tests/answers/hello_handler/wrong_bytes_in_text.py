# diagnosis: bytes-formatted-as-text
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        for line in self.rfile:
            name = str(line.strip()).removesuffix("\n")
            if name == "exit":
                return
            self.wfile.write(f"hello {name}\n".encode())
