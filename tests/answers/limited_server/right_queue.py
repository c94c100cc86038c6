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
    waiting = queue.Queue()

    def work():
        while True:
            conn = waiting.get()
            try:
                hello(conn)
            except Exception as error:
                print("lost:", error)
            finally:
                conn.close()

    for _ in range(at_most):
        threading.Thread(target=work, daemon=True).start()
    try:
        while True:
            waiting.put(listener.accept()[0])
    except OSError:
        pass
