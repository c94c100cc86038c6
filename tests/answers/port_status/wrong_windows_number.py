# diagnosis: takes-refusal-for-silence
import socket


def port_status(address, timeout):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock:
        sock.settimeout(timeout)
        code = sock.connect_ex(address)
    if code == 0:
        return "open"
    if code == 10061:
        return "refused"
    return "silent"
