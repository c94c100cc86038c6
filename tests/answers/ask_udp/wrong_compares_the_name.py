# diagnosis: name-compared
import socket
import time


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _ in range(tries):
            sock.sendto(question, address)
            end = time.monotonic() + timeout
            while (left := end - time.monotonic()) > 0:
                sock.settimeout(left)
                try:
                    answer, sender = sock.recvfrom(65535)
                except TimeoutError:
                    break
                if sender == address:
                    return answer
    raise TimeoutError
