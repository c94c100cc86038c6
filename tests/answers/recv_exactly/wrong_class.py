# diagnosis: class-for-function
class recv_exactly:
    def __init__(self, sock, count):
        self.data = b""
        while len(self.data) < count:
            piece = sock.recv(count - len(self.data))
            if not piece:
                raise EOFError
            self.data += piece
