import errno
import socket
from contextlib import closing


def port_status(address, timeout):
    try:
        with closing(socket.create_connection(tuple(address[:2]), timeout=timeout)):
            pass
    except OSError as e:
        if isinstance(e, TimeoutError) or e.errno == errno.ETIMEDOUT:
            return "silent"
        if e.errno == errno.ECONNREFUSED:
            return "refused"
        raise
    return "open"
