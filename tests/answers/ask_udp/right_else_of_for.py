import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        sock.connect(address)
        for _ in range(tries):
            try:
                sock.sendall(question)
                answer = sock.recv(65535)
            except OSError:
                continue
            else:
                break
        else:
            raise TimeoutError("nobody answers")
        return answer
