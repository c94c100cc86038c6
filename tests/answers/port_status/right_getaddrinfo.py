import socket


def port_status(address, timeout):
    found = socket.getaddrinfo(*address[:2], type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    family, kind, proto, _, where = found[0]
    sock = socket.socket(family, kind, proto)
    with sock:
        sock.settimeout(timeout)
        try:
            sock.connect(where)
            sock.shutdown(socket.SHUT_RDWR)
        except ConnectionRefusedError:
            return "refused"
        except TimeoutError:
            return "silent"
        except ConnectionResetError:
            pass
        except OSError as error:
            if error.errno != 107:
                raise
        return "open"
