import select
import socket
import time


def ask_udp(address, question, timeout, tries):
    host = socket.getaddrinfo(*address, family=socket.AF_INET, type=socket.SOCK_DGRAM)[0][4]
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        for number in range(tries):
            sock.sendto(question, host)
            end = time.monotonic() + timeout
            while True:
                ready, _, _ = select.select([sock], [], [], max(0, end - time.monotonic()))
                if not ready:
                    break
                data, who = sock.recvfrom(65535)
                if who == host:
                    return data
        raise TimeoutError(f"{tries} questions, no answer")
    finally:
        sock.close()
