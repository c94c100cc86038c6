# diagnosis: no-end-check
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        while True:
            line = self.rfile.readline()
            if line == b"exit\n":
                return
            if line:
                self.wfile.write(b"hello " + line)
