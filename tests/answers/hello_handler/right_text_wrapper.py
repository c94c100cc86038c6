import io
import socketserver


class HelloHandler(socketserver.StreamRequestHandler):
    def handle(self):
        out = io.TextIOWrapper(self.wfile, "utf-8", newline="\n", write_through=True)
        names = io.TextIOWrapper(self.rfile, "utf-8", newline="\n")
        out.write("welcome!\n")
        for name in names:
            if name == "exit\n":
                break
            out.write("hello " + name)
        names.detach()
        out.detach()
