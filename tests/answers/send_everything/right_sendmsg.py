import select


class Sender:
    def __init__(self, sock):
        self.sock = sock
        self.sent = 0

    def room(self):
        select.select([], [self.sock], [])
        return True

    def send(self, data):
        view = memoryview(data)
        while view and self.room():
            count = self.sock.sendmsg([view[:100], view[100:200]])
            self.sent += count
            view = view[count:]
        return self.sent


send_everything = lambda sock, data: Sender(sock).send(data)
