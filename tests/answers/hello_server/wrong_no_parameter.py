# diagnosis: wrong-parameters
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


def hello_server():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        talk(listener.accept()[0])
