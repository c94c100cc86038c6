# diagnosis: keeps-the-time-out-to-itself
import socket

from netlib import background


def ask(address, question, timeout):
    answer = b""
    try:
        with socket.create_connection(address, timeout) as client:

            def say():
                client.sendall(question)
                client.shutdown(socket.SHUT_WR)

            with background(say):
                while data := client.recv(4096):
                    answer += data
    except TimeoutError:
        print("too late")
    return answer
