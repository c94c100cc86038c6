# diagnosis: does-not-wait
import socket


def port_status(address, timeout):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setblocking(False)
        try:
            sock.connect(address)
        except ConnectionRefusedError:
            return "refused"
        except BlockingIOError:
            return "silent"
        return "open"
