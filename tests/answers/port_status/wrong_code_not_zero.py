# diagnosis: takes-silence-for-refusal
import socket


def port_status(address, timeout):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock:
        sock.settimeout(timeout)
        return "refused" if sock.connect_ex(address) else "open"
