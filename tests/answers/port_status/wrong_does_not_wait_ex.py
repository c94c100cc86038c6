# diagnosis: does-not-wait
import socket


def port_status(address, timeout):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setblocking(False)
        code = sock.connect_ex(address)
    return {0: "open", 111: "refused"}.get(code, "silent")
