# diagnosis: connects-to-all
import socket


def reach(host, port, timeout):
    connected = []
    last = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = None
        try:
            sock = socket.socket(family, kind, proto)
            sock.settimeout(timeout)
            sock.connect(address)
            connected.append(sock)
        except OSError as error:
            if sock:
                sock.close()
            last = error
    if not connected:
        raise last
    for other in connected[1:]:
        other.close()
    return connected[0]
