# diagnosis: reads-after-close
import socket


def ask(address, question, timeout):
    with socket.create_connection(address, timeout=timeout) as client:
        client.sendall(question)
    answer = b""
    while data := client.recv(4096):
        answer += data
    return answer
