import selectors
import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, selectors.DefaultSelector() as selector:
        sock.setblocking(False)
        sock.connect(address)
        selector.register(sock, selectors.EVENT_READ)
        for _ in range(tries):
            try:
                sock.send(question)
                if selector.select(timeout):
                    return sock.recv(65535)
            except ConnectionRefusedError:
                pass
    raise TimeoutError
