# diagnosis: gives-up-in-silence
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        for _ in range(tries):
            try:
                sock.send(question)
                return sock.recv(65535)
            except (TimeoutError, ConnectionRefusedError):
                pass
