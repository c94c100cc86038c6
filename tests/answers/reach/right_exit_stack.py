import contextlib
import socket
from socket import getaddrinfo


def attempt(family, kind, proto, address, timeout):
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(socket.socket(family, kind, proto))
        sock.settimeout(timeout)
        sock.connect(address)
        stack.pop_all()
        return sock


def reach(host, port, timeout):
    answers = getaddrinfo(host, port, proto=socket.IPPROTO_TCP)
    for number, (family, kind, proto, _, address) in enumerate(answers, 1):
        try:
            return attempt(family, kind, proto, address, timeout)
        except OSError:
            if number == len(answers):
                raise
