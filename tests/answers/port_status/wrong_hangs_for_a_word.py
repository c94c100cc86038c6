# diagnosis: waits-for-a-word
import socket


def port_status(address, timeout):
    try:
        with socket.create_connection(address, timeout=timeout) as sock:
            if sock.recv(1):
                return "open"
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
