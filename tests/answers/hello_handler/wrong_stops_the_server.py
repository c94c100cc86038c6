# diagnosis: waits-for-its-own-server
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        for line in self.rfile:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return self.server.shutdown()
            self.wfile.write(f"hello {name}\n".encode())
