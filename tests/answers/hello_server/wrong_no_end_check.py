# diagnosis: no-end-check
import socket
import threading


def talk(conn):
    conn.sendall(b"welcome!\n")
    rest = b""
    while True:
        rest += conn.recv(1024)
        while b"\n" in rest:
            name, _, rest = rest.partition(b"\n")
            if name == b"exit":
                conn.close()
                return
            conn.sendall(b"hello " + name + b"\n")


def hello_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
