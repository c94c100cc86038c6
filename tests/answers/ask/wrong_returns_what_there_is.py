# diagnosis: keeps-the-time-out-to-itself
import socket
import threading


def ask(address, question, timeout):
    answer = b""
    with socket.create_connection(address, timeout) as client:

        def say():
            client.sendall(question)
            client.shutdown(socket.SHUT_WR)

        threading.Thread(target=say).start()
        while True:
            try:
                data = client.recv(4096)
            except OSError:
                break
            if not data:
                break
            answer += data
    return answer
