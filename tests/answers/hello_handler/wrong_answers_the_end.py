# diagnosis: answers-the-end
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        name = ""
        while name != "exit":
            name = self.rfile.readline().decode().strip()
            if name != "exit":
                self.wfile.write(f"hello {name}\n".encode())
