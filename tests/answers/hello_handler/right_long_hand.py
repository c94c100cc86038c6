from socketserver import BaseRequestHandler


class HelloHandler(BaseRequestHandler):
    def handle(self):
        sock = self.request
        sock.sendall("welcome!\n".encode("utf-8"))
        going = True
        while going == True:  # noqa: E712
            name = b""
            while True:
                one = sock.recv(1)
                if one == b"":
                    going = False
                    break
                if one == b"\n":
                    break
                name = name + one
            if going == False:  # noqa: E712
                break
            if name == b"exit":
                going = False
            else:
                sock.sendall(b"hello ")
                sock.sendall(name)
                sock.sendall(b"\n")
