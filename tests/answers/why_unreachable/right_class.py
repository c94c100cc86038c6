import os
import socket
import stat


class Inquiry:
    ANSWERS = (
        (FileNotFoundError, "no such file"),
        (PermissionError, "permission denied"),
        (BlockingIOError, "listening"),
        (TimeoutError, "listening"),
        (OSError, "nobody is listening"),
    )

    def __init__(self, path):
        self.path = path

    def kind(self):
        return stat.S_IFMT(os.stat(self.path).st_mode)

    def knock(self):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(0.3)
            sock.connect(self.path)
        finally:
            sock.close()

    def answer(self):
        try:
            if self.kind() != stat.S_IFSOCK:
                return "not a socket"
            self.knock()
        except OSError as error:
            for kind, words in self.ANSWERS:
                if isinstance(error, kind):
                    return words
        return "listening"


def why_unreachable(path):
    return Inquiry(path).answer()
