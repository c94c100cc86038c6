import queue
import socket
import threading
from concurrent.futures import ThreadPoolExecutor


def hello(conn):
    with conn.makefile("rb") as lines:
        conn.sendall(b"welcome!\n")
        for line in lines:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            conn.sendall(f"hello {name}\n".encode())


def limited_server(listener, at_most):
    changed = threading.Condition()
    talking = set()

    def guest(conn):
        with changed:
            changed.wait_for(lambda: len(talking) < at_most)
            talking.add(conn)
        try:
            hello(conn)
        except (OSError, UnicodeError):
            pass
        finally:
            conn.close()
            with changed:
                talking.remove(conn)
                changed.notify()

    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=guest, args=(conn,), daemon=True).start()
