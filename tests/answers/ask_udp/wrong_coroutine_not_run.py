# diagnosis: coroutine-returned
import socket


async def asks(address, question, timeout):
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        sock.connect(address)
        sock.send(question)
        return sock.recv(65535)


def ask_udp(address, question, timeout, tries):
    return asks(address, question, timeout)
