# diagnosis: shutdown-raises
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
    places = threading.Semaphore(at_most)

    def guest(conn):
        with conn, places:
            hello(conn)

    while True:
        conn, _ = listener.accept()
        threading.Thread(target=guest, args=(conn,), daemon=True).start()
