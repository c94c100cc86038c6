# diagnosis: left-behind
import socket


def port_status(address, timeout):
    sock = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
    sock.settimeout(timeout)
    try:
        sock.connect(address)
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
    sock.close()
    return "open"
