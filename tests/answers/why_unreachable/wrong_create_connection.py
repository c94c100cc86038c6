# diagnosis: path-as-host-and-port
import socket


def why_unreachable(path):
    try:
        with socket.create_connection(path, timeout=1):
            return "listening"
    except FileNotFoundError:
        return "no such file"
    except ConnectionRefusedError:
        return "nobody is listening"
    except PermissionError:
        return "permission denied"
