import socket
from concurrent.futures import ThreadPoolExecutor


def ask(address, question, timeout):
    with socket.create_connection(address, timeout=timeout) as client, ThreadPoolExecutor(1) as pool:

        def say():
            client.sendall(question)
            client.shutdown(socket.SHUT_WR)

        said = pool.submit(say)
        answer = bytearray()
        while data := client.recv(8192):
            answer.extend(data)
        said.result()
        return bytes(answer)
