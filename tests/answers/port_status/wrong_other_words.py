# diagnosis: other-words
import socket


def port_status(address, timeout):
    try:
        socket.create_connection(address, timeout=timeout).close()
    except ConnectionRefusedError:
        return "Refused"
    except TimeoutError:
        return "Silent"
    return "Open"
