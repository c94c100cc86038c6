# diagnosis: no-framing
import socket
import threading


def talk(conn):
    with conn:
        conn.sendall(b"welcome!\n")
        while data := conn.recv(1024):
            name = data.strip()
            if name == b"exit":
                return
            conn.sendall(b"hello " + name + b"\n")


def hello_server(listener):
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, args=(conn,), daemon=True).start()
