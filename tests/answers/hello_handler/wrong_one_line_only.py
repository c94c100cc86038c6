# diagnosis: one-line-only
import socketserver
import sys


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        line = self.rfile.readline()
        if line and line != b"exit\n":
            self.wfile.write(b"hello " + line)
