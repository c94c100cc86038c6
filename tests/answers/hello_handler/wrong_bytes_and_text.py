# diagnosis: exit-not-noticed
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        for line in self.rfile:
            name = line.decode().removesuffix("\n")
            if line == "exit":
                return
            self.wfile.write(f"hello {name}\n".encode())
