import socket
import threading


def ask(address, question, timeout):
    with socket.create_connection(address, timeout) as sock:

        def sender():
            sock.sendall(question)
            sock.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=sender)
        thread.start()
        pieces = []
        while True:
            piece = sock.recv(4096)
            if not piece:
                break
            pieces.append(piece)
        thread.join()
        return b"".join(pieces)
