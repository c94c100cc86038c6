# diagnosis: closes-the-server
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        for line in self.rfile:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return self.server.server_close()
            self.wfile.write(f"hello {name}\n".encode())
