# diagnosis: class-for-function
class read_datagram:
    def __init__(self, sock, limit):
        self.data, self.sender = sock.recvfrom(limit + 1)
