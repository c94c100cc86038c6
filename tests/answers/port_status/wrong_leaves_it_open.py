# diagnosis: left-behind
import socket


def port_status(address, timeout):
    try:
        socket.create_connection(address, timeout=timeout)
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
    return "open"
