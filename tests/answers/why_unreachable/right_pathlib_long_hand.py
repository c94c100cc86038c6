import socket
from pathlib import Path


def why_unreachable(path):
    file = Path(path)
    result = ""
    try:
        there = file.exists()
        if there:
            for child in file.parent.iterdir():
                pass
    except PermissionError:
        return "permission denied"
    if there == False:
        try:
            file.stat()
        except PermissionError:
            return "permission denied"
        except OSError:
            return "no such file"
    if file.is_dir() == True:
        result = "not a socket"
    elif file.is_file() == True:
        result = "not a socket"
    else:
        sock = None
        try:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            sock.settimeout(0.5)
            sock.connect(str(file))
            result = "listening"
        except PermissionError:
            result = "permission denied"
        except ConnectionRefusedError:
            result = "nobody is listening"
        except BlockingIOError:
            result = "listening"
        except OSError:
            result = "nobody is listening"
        if sock is not None:
            sock.close()
    return result
