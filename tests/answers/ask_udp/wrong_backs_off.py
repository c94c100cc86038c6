# diagnosis: waits-too-long
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        for number in range(tries):
            sock.settimeout(timeout * 2**number)
            try:
                sock.send(question)
                return sock.recv(65535)
            except (TimeoutError, ConnectionRefusedError):
                pass
    raise TimeoutError
