import contextlib
import time


def answers(conn):
    data = conn.recv(1024)
    return data and (conn.sendall(b"[" + time.ctime().encode() + b"] " + data), answers(conn))


def timestamp_server(listener):
    with contextlib.suppress(OSError):
        while found := listener.accept():
            with found[0] as conn, contextlib.suppress(ConnectionError):
                answers(conn)
