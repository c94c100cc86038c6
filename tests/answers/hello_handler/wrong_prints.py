# diagnosis: names-not-answered
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        for line in self.rfile:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            print(f"hello {name}\n")