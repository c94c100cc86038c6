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
        try:
            with conn:
                hello(conn)
        finally:
            places.release()

    listener.settimeout(0.2)
    while True:
        if not places.acquire(timeout=0.2):
            try:
                over = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 0
            except OSError:
                return
            if over:
                return
            continue
        try:
            conn, _ = listener.accept()
        except TimeoutError:
            places.release()
            continue
        except OSError:
            return
        conn.settimeout(None)
        threading.Thread(target=guest, args=(conn,), daemon=True).start()
