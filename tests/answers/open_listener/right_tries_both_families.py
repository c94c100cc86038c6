import socket


def open_listener(host, port):
    try:
        return socket.create_server((host, port))
    except OSError as error:
        if error.errno != socket.EAI_ADDRFAMILY:
            raise
    return socket.create_server((host, port), family=socket.AF_INET6)
