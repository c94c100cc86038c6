# diagnosis: others-connection
import socket
import threading


def talk():
    connection.sendall(b"welcome!\n")
    rest = b""
    while data := connection.recv(1024):
        *names, rest = (rest + data).split(b"\n")
        for name in names:
            if name == b"exit":
                connection.close()
                return
            connection.sendall(b"hello " + name + b"\n")
    connection.close()


def hello_server(listener):
    global connection
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=talk, daemon=True).start()
