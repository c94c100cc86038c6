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


class Server:
    def __init__(self, listener, at_most):
        self.listener, self.lock, self.free, self.line = listener, threading.Lock(), at_most, []

    def arrive(self, conn):
        with self.lock:
            if self.free == 0:
                self.line.append(conn)
                return
            self.free -= 1
        threading.Thread(target=self.talk, args=(conn,), daemon=True).start()

    def talk(self, conn):
        while conn:
            try:
                with conn:
                    hello(conn)
            except (OSError, UnicodeDecodeError):
                pass
            with self.lock:
                conn = self.line.pop(0) if self.line else None
                self.free += conn is None

    def run(self):
        while True:
            try:
                conn, _ = self.listener.accept()
            except OSError:
                return
            self.arrive(conn)


def limited_server(listener, at_most):
    Server(listener, at_most).run()
