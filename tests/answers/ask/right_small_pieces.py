import socket
from threading import Thread


def ask(address, question, timeout):
    client = socket.create_connection(address, timeout=timeout)
    with client:
        asking = Thread(target=lambda: (client.sendall(question), client.shutdown(socket.SHUT_WR)))
        asking.start()
        answer = b""
        data = client.recv(1024)
        while data != b"":
            answer += data
            data = client.recv(1024)
        asking.join()
        return answer
