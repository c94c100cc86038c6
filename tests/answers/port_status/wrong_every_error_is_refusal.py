# diagnosis: takes-silence-for-refusal
import socket


def port_status(address, timeout):
    try:
        socket.create_connection(address, timeout=timeout).close()
    except OSError:
        return "refused"
    return "open"
