# diagnosis: no-time-out
import socket


def port_status(address, timeout):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock:
        try:
            sock.connect(address)
            sock.settimeout(timeout)
        except ConnectionRefusedError:
            return "refused"
        except TimeoutError:
            return "silent"
        return "open"
