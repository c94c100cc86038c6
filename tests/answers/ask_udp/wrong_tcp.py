# diagnosis: uses-tcp
import socket


def ask_udp(address, question, timeout, tries):
    for _ in range(tries):
        with socket.create_connection(address, timeout=timeout) as sock:
            sock.sendall(question)
            return sock.recv(65535)
    raise TimeoutError
