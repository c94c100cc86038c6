import contextlib
import errno as e
import os
import socket
from stat import S_ISSOCK


def attempt(path):
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as sock:
        sock.settimeout(0.1)
        try:
            if not S_ISSOCK(os.stat(path).st_mode):
                return e.ENOTSOCK
            sock.connect(path)
        except OSError as error:
            return error.errno
        return 0


def why_unreachable(path):
    match attempt(path):
        case e.ENOTSOCK:
            return "not a socket"
        case e.ENOENT:
            return "no such file"
        case e.EACCES | e.EPERM:
            return "permission denied"
        case e.ECONNREFUSED | e.EPROTOTYPE:
            return "nobody is listening"
        case 0 | e.EAGAIN:
            return "listening"
