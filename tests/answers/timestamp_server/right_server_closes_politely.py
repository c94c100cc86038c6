import socket
import time
from datetime import datetime as dt


def timestamp_server(listener, buffer_size=1024, *, verbose=True):
    """As in the lesson."""
    while True:
        try:
            accepted = listener.accept()
        except OSError:
            accepted = None
        if not accepted:
            return "stopped"
        conn, _ = accepted
        try:
            while (chunk := conn.recv(buffer_size)) != b"":
                if verbose:
                    print(dt.now(), repr(chunk))
                conn.sendall(b"[" + dt.now().strftime("%c").encode() + b"] " + chunk)
            conn.shutdown(socket.SHUT_WR)
        except (ConnectionAbortedError, ConnectionResetError, BrokenPipeError) as error:
            if verbose:
                print("gone:", error)
        finally:
            conn.close()
