import socket


def open_listener(host, port, backlog=0):
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, b"\x01\0\0\0")
        s.bind((host, port))
        s.listen(backlog)
    except OSError as error:
        s.close()
        raise OSError(error.errno, "no listener at " + host) from error
    return s
