# diagnosis: left-behind
import socket


def port_status(address, timeout):
    sock = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
    sock.settimeout(timeout)
    try:
        sock.connect(address)
        status = "open"
    except ConnectionRefusedError:
        status = "refused"
    except TimeoutError:
        status = "silent"
    sock.close()
    return status
