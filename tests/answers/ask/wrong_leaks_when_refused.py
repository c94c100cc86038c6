# diagnosis: left-behind
import socket
import threading


def ask(address, question, timeout):
    client = socket.socket()
    client.settimeout(timeout)
    client.connect(address)
    try:

        def say():
            client.sendall(question)
            client.shutdown(socket.SHUT_WR)

        threading.Thread(target=say).start()
        answer = b""
        while data := client.recv(4096):
            answer += data
        return answer
    finally:
        client.close()
