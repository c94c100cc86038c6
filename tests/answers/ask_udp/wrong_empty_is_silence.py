# diagnosis: empty-is-an-answer
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        for _ in range(tries):
            try:
                sock.send(question)
                answer = sock.recv(65535)
            except (TimeoutError, ConnectionRefusedError):
                continue
            if answer:
                return answer
    raise TimeoutError
