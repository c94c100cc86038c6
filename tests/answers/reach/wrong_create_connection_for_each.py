# diagnosis: uses-create-connection
from socket import SOCK_STREAM, create_connection, getaddrinfo


def reach(host, port, timeout):
    last = None
    for *_, address in getaddrinfo(host, port, type=SOCK_STREAM):
        try:
            return create_connection(address[:2], timeout)
        except OSError as error:
            last = error
    raise last
