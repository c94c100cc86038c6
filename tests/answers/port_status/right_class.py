import socket


class Port:
    words = {ConnectionRefusedError: "refused", TimeoutError: "silent"}

    def __init__(self, address, timeout):
        self.address, self.timeout = address, timeout

    def status(self):
        try:
            socket.create_connection(self.address, timeout=self.timeout).close()
        except tuple(self.words) as error:
            return self.words[type(error)]
        return "open"


def port_status(address, timeout):
    return Port(address, timeout).status()
