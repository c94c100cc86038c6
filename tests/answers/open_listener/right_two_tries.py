import errno
import socket
import time


def open_listener(host, port):
    for attempt in (1, 2, 3):
        try:
            return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or attempt == 3:
                raise
            time.sleep(0.01)
