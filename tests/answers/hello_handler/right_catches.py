from socketserver import StreamRequestHandler


class HelloHandler(StreamRequestHandler):
    def handle(self):
        print("accepted", self.client_address)
        try:
            self.talk()
        except ConnectionError:
            print("reset")
        except UnicodeDecodeError as error:
            print("no text", error)

    def talk(self):
        self.wfile.write("welcome!\n".encode())
        while True:
            line = self.rfile.readline()
            if line == b"":
                break
            text = line.decode()
            if text.strip() == "exit":
                break
            self.wfile.write(f"hello {text}".encode())
