# diagnosis: asks-once
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        sock.send(question)
        for _ in range(tries):
            try:
                return sock.recv(65535)
            except (TimeoutError, ConnectionRefusedError):
                pass
    raise TimeoutError
