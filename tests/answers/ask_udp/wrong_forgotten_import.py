# diagnosis: name-not-defined
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        for _ in range(tries):
            sock.send(question)
            if select.select([sock], [], [], timeout)[0]:
                return sock.recv(65535)
    raise TimeoutError
