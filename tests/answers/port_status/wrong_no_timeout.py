# diagnosis: no-time-out
import socket


def port_status(address, timeout):
    try:
        socket.create_connection(address).close()
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
    return "open"
