# diagnosis: another-error
import socket
import threading


def ask(address, question, timeout):
    answer = b""
    with socket.socket() as client:
        client.settimeout(timeout)
        client.connect(address)

        def say():
            client.sendall(question)
            client.shutdown(socket.SHUT_WR)

        threading.Thread(target=say).start()
        try:
            while data := client.recv(4096):
                answer += data
        except TimeoutError:
            raise ValueError("the server did not answer")
    return answer
