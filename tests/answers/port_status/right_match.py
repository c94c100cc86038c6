import errno
import socket
import os


def port_status(address, timeout):
    family = [socket.AF_INET, socket.AF_INET6][":" in address[0]]
    with socket.socket(family) as sock:
        sock.settimeout(timeout)
        match sock.connect_ex(address):
            case 0:
                return "open"
            case errno.ECONNREFUSED:
                return "refused"
            case errno.EAGAIN | errno.EINPROGRESS | errno.ETIMEDOUT:
                return "silent"
            case other:
                raise OSError(other, os.strerror(other))
