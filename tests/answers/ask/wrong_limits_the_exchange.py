# diagnosis: limits-the-exchange
import socket
import threading
import time


def ask(address, question, timeout):
    end = time.monotonic() + timeout
    answer = b""
    with socket.create_connection(address, timeout) as client:

        def say():
            client.sendall(question)
            client.shutdown(socket.SHUT_WR)

        threading.Thread(target=say).start()
        while True:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("too late")
            client.settimeout(left)
            data = client.recv(4096)
            if not data:
                return answer
            answer += data
