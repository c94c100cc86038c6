# diagnosis: wrong-parameters
import socket


def echo_once():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        conn, _ = listener.accept()
        return conn.recv(1024)
