# diagnosis: shut-for-hearing
import socket


def ask(address, question, timeout):
    answer = b""
    with socket.create_connection(address, timeout=timeout) as client:
        client.sendall(question)
        client.shutdown(socket.SHUT_RDWR)
        while data := client.recv(4096):
            answer += data
    return answer
