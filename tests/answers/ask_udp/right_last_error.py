import socket


def ask_udp(address, question, timeout, tries):
    last = None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)
        while tries:
            tries -= 1
            try:
                sock.send(question)
                return sock.recv(65535)
            except OSError as error:
                last = error
    raise TimeoutError("no answer") from last
