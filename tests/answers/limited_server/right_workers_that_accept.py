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


def worker(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        with conn:
            try:
                hello(conn)
            except (OSError, UnicodeDecodeError):
                pass


def limited_server(listener, at_most):
    over = threading.Event()

    def work():
        worker(listener)
        over.set()

    for _ in range(at_most):
        threading.Thread(target=work, daemon=True).start()
    import select

    poll = select.poll()
    poll.register(listener, 0)
    poll.poll()
