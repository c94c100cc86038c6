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
    guests = {}

    def guest(conn):
        with conn:
            with places:
                hello(conn)

    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            break
        worker = threading.Thread(target=guest, args=(conn,))
        guests[worker] = conn
        worker.start()
    for conn in guests.values():
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    for worker in guests:
        worker.join()
