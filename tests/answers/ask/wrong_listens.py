# diagnosis: binds-the-address
import socket


def ask(address, question, timeout):
    with socket.create_server(address) as listener:
        listener.settimeout(timeout)
        conn, _ = listener.accept()
        conn.sendall(question)
        return conn.recv(1000)
