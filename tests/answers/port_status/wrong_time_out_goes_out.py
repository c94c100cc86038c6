# diagnosis: error-instead-of-a-word
import socket


def port_status(address, timeout):
    try:
        socket.create_connection(address, timeout=timeout).close()
        return "open"
    except ConnectionRefusedError:
        return "refused"
