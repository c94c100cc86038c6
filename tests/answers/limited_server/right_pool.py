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
    pool = ThreadPoolExecutor(max_workers=at_most)
    conns = []

    def guest(conn):
        with conn:
            hello(conn)

    while True:
        try:
            conns.append(listener.accept()[0])
        except OSError:
            break
        pool.submit(guest, conns[-1])
    for conn in conns:
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    pool.shutdown(cancel_futures=True)
