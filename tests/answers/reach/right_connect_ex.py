import errno
import os
import socket


def reach(host, port, timeout):
    error = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            sock = socket.socket(family, kind, proto)
        except OSError as failed:
            error = failed
            continue
        sock.settimeout(timeout)
        code = sock.connect_ex(address)
        if code == 0:
            return sock
        sock.close()
        if code == errno.EAGAIN:
            error = TimeoutError("timed out")
        else:
            error = OSError(code, os.strerror(code))
    raise error
