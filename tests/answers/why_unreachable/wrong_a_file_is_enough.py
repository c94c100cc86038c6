# diagnosis: existence-is-enough
import os
import socket
import stat


def why_unreachable(path):
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISSOCK(mode):
            return "not a socket"
    except FileNotFoundError:
        return "no such file"
    except PermissionError:
        return "permission denied"
    except BlockingIOError:
        return "listening"
    except OSError:
        return "nobody is listening"
    return "listening"
