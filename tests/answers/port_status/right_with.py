import socket


def port_status(address, timeout):
    try:
        with socket.create_connection(address, timeout):
            return "open"
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
