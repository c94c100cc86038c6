import socketserver


class HelloHandler(socketserver.StreamRequestHandler):
    def setup(self):
        super().setup()
        self.say("welcome!")

    def say(self, text):
        self.wfile.write((text + "\n").encode("utf-8"))

    def handle(self):
        for line in iter(self.rfile.readline, b""):
            name = line.decode("utf-8").rstrip("\n")
            if name == "exit":
                return
            self.say("hello " + name)

    def finish(self):
        print("closed", self.client_address)
        super().finish()
