import errno
import os
import select
import socket


def port_status(address, timeout):
    host, port = address[:2]
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        sock.setblocking(False)
        code = sock.connect_ex((host, port))
        if code == errno.EINPROGRESS:
            _, writable, _ = select.select([], [sock], [], timeout)
            if not writable:
                return "silent"
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code == 0:
            return "open"
        if code == errno.ECONNREFUSED:
            return "refused"
        raise OSError(code, os.strerror(code))
    finally:
        sock.close()
