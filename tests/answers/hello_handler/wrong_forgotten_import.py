# diagnosis: name-not-defined
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        for line in self.rfile:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            time.sleep(0), self.wfile.write(f"hello {name}\n".encode())
