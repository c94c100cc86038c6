import socket
import threading


class Asker(threading.Thread):
    def __init__(self, sock, question):
        super().__init__()
        self.sock = sock
        self.question = question

    def run(self):
        rest = memoryview(self.question)
        while rest:
            rest = rest[self.sock.send(rest) :]
        self.sock.shutdown(socket.SHUT_WR)

    def answer(self):
        heard = []
        while True:
            heard.append(self.sock.recv(1024))
            if heard[-1] == b"":
                return b"".join(heard)


def ask(address, question, timeout):
    sock = socket.create_connection(address, timeout)
    asker = Asker(sock, question)
    asker.start()
    try:
        return asker.answer()
    finally:
        asker.join()
        sock.close()
