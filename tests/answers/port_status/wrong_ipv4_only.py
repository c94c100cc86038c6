# diagnosis: ipv4-only
import socket


def port_status(address, timeout):
    with socket.socket() as sock:
        sock.settimeout(timeout)
        try:
            sock.connect(address)
        except ConnectionRefusedError:
            return "refused"
        except TimeoutError:
            return "silent"
        return "open"
