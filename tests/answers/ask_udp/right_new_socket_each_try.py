import socket


def ask_udp(address, question, timeout, tries):
    for _ in range(tries):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(timeout)
            sock.connect(address)
            sock.send(question)
            try:
                return sock.recv(65535)
            except (TimeoutError, ConnectionError):
                pass
    raise TimeoutError("no answer")
