import socket


class Echo:
    size = 64

    def __init__(self, listener):
        self.conn = listener.accept()[0]
        self.heard = []

    def run(self):
        for data in iter(lambda: self.conn.recv(self.size), b""):
            self.heard.append(data)
            self.conn.sendall(data)
        self.conn.shutdown(socket.SHUT_RDWR)
        self.conn.close()
        return b"".join(self.heard)


def echo_once(listener):
    return Echo(listener).run()
