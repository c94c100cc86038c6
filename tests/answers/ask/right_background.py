import socket

from netlib import background


def say(client, question):
    client.sendall(question)
    client.shutdown(socket.SHUT_WR)


def ask(address, question, timeout):
    with socket.create_connection(address, timeout=timeout) as client:
        with background(say, client, question):
            answer = b""
            while data := client.recv(65536):
                answer += data
    return answer
