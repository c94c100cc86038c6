# diagnosis: other-order
import socket


def reach(host, port, timeout):
    last = None
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for family, kind, proto, _, address in sorted(answers, key=lambda answer: answer[4], reverse=True):
        sock = None
        try:
            sock = socket.socket(family, kind, proto)
            sock.settimeout(timeout)
            sock.connect(address)
            return sock
        except OSError as error:
            if sock:
                sock.close()
            last = error
    raise last
