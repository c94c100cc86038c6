# diagnosis: takes-the-servers-address
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(address)
        sock.settimeout(timeout)
        for _ in range(tries):
            sock.sendto(question, address)
            try:
                return sock.recv(65535)
            except TimeoutError:
                pass
    raise TimeoutError
