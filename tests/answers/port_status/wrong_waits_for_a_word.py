# diagnosis: waits-for-a-word
import socket


def port_status(address, timeout):
    try:
        with socket.create_connection(address, timeout=timeout) as sock:
            sock.sendall(b"hello\r\n")
            sock.settimeout(0.2)
            sock.recv(1024)
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
    return "open"
