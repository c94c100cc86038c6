# diagnosis: left-behind
import socket


def reach(host, port, timeout):
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for number, (family, kind, proto, _, address) in enumerate(answers):
        sock = None
        try:
            sock = socket.socket(family, kind, proto)
            sock.settimeout(timeout)
            sock.connect(address)
            return sock
        except OSError:
            if number == len(answers) - 1:
                raise
            if sock:
                sock.close()
