import socket


class Listener(socket.socket):
    def __init__(self, host, port):
        super().__init__(socket.AF_INET6 if ":" in host else socket.AF_INET)
        ok = False
        try:
            self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.bind((host, port))
            self.listen()
            ok = True
        finally:
            if not ok:
                self.close()


open_listener = Listener
