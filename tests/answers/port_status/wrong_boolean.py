# diagnosis: other-words
import socket


def port_status(address, timeout):
    try:
        socket.create_connection(address, timeout=timeout).close()
    except OSError:
        return False
    return True
