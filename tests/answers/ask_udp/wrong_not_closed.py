# diagnosis: left-behind
import socket

kept = []


def ask_udp(address, question, timeout, tries):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    kept.append(sock)
    sock.connect(address)
    sock.settimeout(timeout)
    for _ in range(tries):
        try:
            sock.send(question)
            answer = sock.recv(65535)
            sock.close()
            return answer
        except (TimeoutError, ConnectionRefusedError):
            pass
    raise TimeoutError
