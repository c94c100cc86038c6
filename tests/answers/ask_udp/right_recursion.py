import socket


def ask_udp(address, question, timeout, tries):
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(timeout)

        def ask(left):
            if left == 0:
                raise TimeoutError("all tries are used up")
            try:
                sock.send(question)
                return sock.recv(65507)
            except (TimeoutError, ConnectionRefusedError):
                return ask(left - 1)

        return ask(tries)
