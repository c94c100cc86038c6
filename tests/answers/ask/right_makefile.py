import contextlib
import socket
import threading


def ask(address, question, timeout):
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        sock.settimeout(timeout)
        sock.connect(address)
        stream = stack.enter_context(sock.makefile("rb"))

        def tell():
            try:
                sock.sendall(question)
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        threading.Thread(target=tell, daemon=True).start()
        return stream.read()
