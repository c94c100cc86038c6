# diagnosis: no-time-out
import socket
import threading


def ask(address, question, timeout):
    answer = b""
    with socket.create_connection(address) as client:

        def say():
            client.sendall(question)
            client.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=say)
        thread.start()
        while data := client.recv(4096):
            answer += data
        thread.join()
    return answer
