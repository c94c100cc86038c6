# diagnosis: binds-the-address
import socket


def ask(address, question, timeout):
    with socket.socket() as listener:
        listener.bind(address)
        listener.listen()
        listener.settimeout(timeout)
        conn, _ = listener.accept()
        conn.sendall(question)
        return conn.recv(1000)
