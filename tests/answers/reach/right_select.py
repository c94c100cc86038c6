import errno
import os
import select
import socket


def reach(host, port, timeout):
    failure = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = None
        try:
            sock = socket.socket(family, kind | socket.SOCK_NONBLOCK, proto)
            code = sock.connect_ex(address)
            if code == errno.EINPROGRESS:
                if not select.select([], [sock], [], timeout)[1]:
                    raise TimeoutError("no answer")
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                raise OSError(code, os.strerror(code))
            sock.setblocking(True)
            return sock
        except OSError as error:
            failure = error
            if sock is not None:
                sock.close()
    raise failure
