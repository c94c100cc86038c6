import socket


class Talk:
    def __init__(self, address, show):
        self.sock = socket.create_connection(address)
        self.rest = b""
        self.show = show
        self.shown = 0

    def reply(self):
        while b"\n" not in self.rest:
            data = self.sock.recv(100)
            if not data:
                raise EOFError
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode("utf8")

    def say(self, line):
        self.sock.sendall(line.encode("utf8") + b"\n")
        self.show(self.reply())
        self.shown += 1

    def run(self, lines):
        try:
            for line in lines:
                if len(line) == 0:
                    return
                self.say(line)
        except (EOFError, ConnectionError):
            return
        finally:
            self.sock.close()


def chat_with_echo(address, lines, show):
    talk = Talk(address, show)
    talk.run(lines)
    return talk.shown
