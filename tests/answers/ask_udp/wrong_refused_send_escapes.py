# diagnosis: refused-escapes
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        try:
            sock.send(question)
            return sock.recv(65535)
        except TimeoutError:
            pass
        for _ in range(tries - 1):
            sock.send(question)
            try:
                return sock.recv(65535)
            except TimeoutError:
                pass
    raise TimeoutError
