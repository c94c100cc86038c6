# diagnosis: address-not-a-pair
import socket


def ask(address, question, timeout):
    host, port = address
    client = socket.socket()
    client.settimeout(timeout)
    client.connect(host, port)
    client.sendall(question)
    client.shutdown(socket.SHUT_WR)
    return client.recv(1000)
