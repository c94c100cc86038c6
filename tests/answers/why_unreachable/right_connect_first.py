import socket
from pathlib import Path


def why_unreachable(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(1)
        try:
            s.connect(path)
        except FileNotFoundError:
            return "no such file"
        except PermissionError:
            return "permission denied"
        except BlockingIOError:
            return "listening"
        except OSError:
            return "nobody is listening" if Path(path).is_socket() else "not a socket"
    return "listening"
