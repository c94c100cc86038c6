# diagnosis: no-newline
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!")
        for line in self.rfile:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            self.wfile.write(f"hello {name}\n".encode())
