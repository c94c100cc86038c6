import os
import socket


def why_unreachable(path):
    folder = os.path.dirname(os.path.abspath(path))
    if not os.access(folder, os.X_OK):
        return "permission denied"
    if not os.path.exists(path):
        return "no such file"
    if os.path.isdir(path) or os.path.isfile(path):
        return "not a socket"
    if not os.access(path, os.W_OK):
        return "permission denied"
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(0)
    try:
        s.connect(path)
        answer = "listening"
    except BlockingIOError:
        answer = "listening"
    except OSError:
        answer = "nobody is listening"
    finally:
        s.close()
    return answer
