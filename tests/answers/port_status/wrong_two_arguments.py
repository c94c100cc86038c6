# diagnosis: address-not-a-pair
import socket


def port_status(address, timeout):
    with socket.socket() as sock:
        sock.settimeout(timeout)
        try:
            sock.connect(address[0], address[1])
        except ConnectionRefusedError:
            return "refused"
        except TimeoutError:
            return "silent"
        return "open"
