# diagnosis: never-asks
import socket


def reach(host, port, timeout):
    last = None
    for ip in socket.gethostbyname_ex(host)[2]:
        sock = socket.socket()
        try:
            sock.settimeout(timeout)
            sock.connect((ip, port))
            return sock
        except OSError as error:
            sock.close()
            last = error
    raise last
