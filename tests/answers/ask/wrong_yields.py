# diagnosis: generator-returned
import socket


def ask(address, question, timeout):
    with socket.create_connection(address, timeout) as sock:
        sock.sendall(question)
        sock.shutdown(socket.SHUT_WR)
        while data := sock.recv(1024):
            yield data
