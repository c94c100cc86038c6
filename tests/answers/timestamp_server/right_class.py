import time


class TimestampServer:
    def __init__(self, listener):
        self.listener = listener
        for conn in self.connections():
            with conn:
                try:
                    self.talk(conn)
                except ConnectionError:
                    print("a client broke off")

    def connections(self):
        while True:
            try:
                yield self.listener.accept()[0]
            except OSError:
                return

    def talk(self, conn):
        for data in iter(lambda: conn.recv(512), b""):
            conn.sendall(self.stamp(data))

    @staticmethod
    def stamp(data):
        return bytes(f"[{time.ctime()}] ", "ascii") + data


timestamp_server = TimestampServer
