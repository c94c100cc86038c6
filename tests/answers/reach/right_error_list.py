import socket


def reach(host, port, timeout):
    errors = []
    for answer in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        sock = None
        try:
            sock = socket.socket(*answer[:3])
            sock.settimeout(timeout)
            sock.connect(answer[4])
            return sock
        except OSError as error:
            errors.append(error)
            if sock is not None:
                sock.close()
    raise errors[-1]
