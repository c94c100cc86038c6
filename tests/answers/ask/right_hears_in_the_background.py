import socket

from netlib import background


def hear(client):
    heard = b""
    while data := client.recv(65536):
        heard += data
    return heard


def ask(address, question, timeout):
    client = socket.socket()
    try:
        client.settimeout(timeout)
        client.connect(address)
        hearing = background(hear, client)
        client.sendall(question)
        client.shutdown(socket.SHUT_WR)
        return hearing.result(3600)
    finally:
        client.close()
