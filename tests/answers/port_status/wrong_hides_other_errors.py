# diagnosis: hides-other-errors
import socket


def port_status(address, timeout):
    try:
        socket.create_connection(address, timeout=timeout).close()
    except TimeoutError:
        return "silent"
    except OSError:
        return "refused"
    return "open"
