# diagnosis: swallows-the-error
import socket


def reach(host, port, timeout):
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = None
        try:
            sock = socket.socket(family, kind, proto)
            sock.settimeout(timeout)
            sock.connect(address)
            return sock
        except OSError as error:
            if sock:
                sock.close()
            print(error)
