import errno
import os
import socket
import stat


def why_unreachable(path):
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return "no such file"
    except PermissionError:
        return "permission denied"
    if not stat.S_ISSOCK(mode):
        return "not a socket"
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.setblocking(False)
    code = client.connect_ex(path)
    client.close()
    return {
        0: "listening",
        errno.EAGAIN: "listening",
        errno.EACCES: "permission denied",
        errno.ENOENT: "no such file",
    }.get(code, "nobody is listening")
