import contextlib
import socket


def attempt(address, timeout):
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(socket.create_connection(address, timeout=timeout))
        return "open" if sock.fileno() >= 0 else "closed"


def guarded(function, *args):
    try:
        return function(*args)
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"


port_status = lambda address, timeout: guarded(attempt, address, timeout)
