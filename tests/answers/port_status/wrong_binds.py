# diagnosis: binds-the-port
import socket


def port_status(address, timeout):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock:
        try:
            sock.bind(address)
        except OSError:
            return "open"
        return "refused"
