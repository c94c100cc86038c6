# diagnosis: name-not-defined
import os
import socket
import stat


def why_unreachable(path):
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISSOCK(mode):
            return "not a socket"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(0.2)
            client.connect(paht)
    except FileNotFoundError:
        return "no such file"
    except PermissionError:
        return "permission denied"
    except BlockingIOError:
        return "listening"
    except OSError:
        return "nobody is listening"
    return "listening"
