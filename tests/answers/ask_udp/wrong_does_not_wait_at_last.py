# diagnosis: waits-too-short
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        for number in range(tries):
            try:
                sock.send(question)
                if number == tries - 1:
                    sock.settimeout(0.01)
                return sock.recv(65535)
            except (TimeoutError, ConnectionRefusedError):
                pass
    raise TimeoutError
