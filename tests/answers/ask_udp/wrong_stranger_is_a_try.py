# diagnosis: stranger-costs-a-try
import socket


def ask_udp(address, question, timeout, tries):
    wanted = (socket.gethostbyname(address[0]), address[1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        for _ in range(tries):
            sock.sendto(question, address)
            try:
                answer, sender = sock.recvfrom(65535)
            except TimeoutError:
                continue
            if sender == wanted:
                return answer
    raise TimeoutError
