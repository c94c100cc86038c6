# diagnosis: printed-not-returned
import socket


def port_status(address, timeout):
    try:
        socket.create_connection(address, timeout=timeout).close()
        print("open")
    except ConnectionRefusedError:
        print("refused")
    except TimeoutError:
        print("silent")
