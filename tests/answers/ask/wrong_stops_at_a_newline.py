# diagnosis: one-recv
import socket


def ask(address, question, timeout):
    answer = b""
    with socket.create_connection(address, timeout=timeout) as client:
        client.sendall(question)
        client.shutdown(socket.SHUT_WR)
        while data := client.recv(4096):
            answer += data
            if answer.endswith(b"\n"):
                break
    return answer
