# diagnosis: returns-the-pair
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        for _ in range(tries):
            try:
                sock.send(question)
                return sock.recvfrom(65535)
            except (TimeoutError, ConnectionRefusedError):
                pass
    raise TimeoutError
