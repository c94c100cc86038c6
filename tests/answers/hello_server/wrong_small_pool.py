# diagnosis: too-few-at-once
import socket
import threading


def talk(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"welcome!\n")
        for line in lines:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            conn.sendall(f"hello {name}\n".encode())


def hello_server(listener):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=10) as pool:
        while True:
            try:
                conn, _ = listener.accept()
            except OSError:
                return
            pool.submit(talk, conn)
