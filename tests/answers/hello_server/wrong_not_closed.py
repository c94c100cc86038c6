# diagnosis: exit-not-closed
import socket
import threading


def talk(conn):
    with conn.makefile("rb") as lines:
        conn.sendall(b"welcome!\n")
        for line in lines:
            name = line.decode().removesuffix("\n")
            if name == "exit":
                return
            conn.sendall(f"hello {name}\n".encode())


def hello_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
