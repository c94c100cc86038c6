# diagnosis: one-recv
import socket


def ask(address, question, timeout):
    with socket.create_connection(address, timeout=timeout) as client:
        client.sendall(question)
        client.shutdown(socket.SHUT_WR)
        return client.recv(1_000_000)
