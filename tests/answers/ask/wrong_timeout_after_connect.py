# diagnosis: no-time-out-for-connect
import socket
import threading


def ask(address, question, timeout):
    answer = b""
    with socket.socket() as client:
        client.connect(address)
        client.settimeout(timeout)

        def say():
            client.sendall(question)
            client.shutdown(socket.SHUT_WR)

        threading.Thread(target=say).start()
        while data := client.recv(4096):
            answer += data
    return answer
