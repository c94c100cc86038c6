import socket
import time


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        for _ in range(tries):
            end = time.monotonic() + timeout
            try:
                sock.send(question)
            except ConnectionRefusedError:
                pass
            while (left := end - time.monotonic()) > 0:
                sock.settimeout(left)
                try:
                    return sock.recv(65535)
                except ConnectionRefusedError:
                    continue
                except TimeoutError:
                    break
    raise TimeoutError
