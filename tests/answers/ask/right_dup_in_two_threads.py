import queue
import socket
import threading


def ask(address, question, timeout):
    results = queue.Queue()
    with socket.create_connection(address, timeout) as sock:

        def talk():
            try:
                sock.sendall(question)
                sock.shutdown(socket.SHUT_WR)
            except OSError as error:
                results.put(error)

        def listen():
            whole = b""
            try:
                while part := sock.recv(10000):
                    whole += part
                results.put(whole)
            except OSError as error:
                results.put(error)

        threads = [threading.Thread(target=work) for work in (talk, listen)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    result = results.get()
    if isinstance(result, Exception):
        raise result
    return result
