# diagnosis: decode-error
import socket


def ask(address, question, timeout):
    text = ""
    with socket.create_connection(address, timeout=timeout) as client:
        client.sendall(question)
        client.shutdown(socket.SHUT_WR)
        while data := client.recv(4096):
            text += data.decode()
    return text.encode()
