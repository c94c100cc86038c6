import select
import socket


def ask(address, question, timeout):
    sock = socket.create_connection(address, timeout)
    try:
        sock.setblocking(False)
        view, answer, asking = memoryview(question), bytearray(), True
        while True:
            if asking and not view:
                sock.shutdown(socket.SHUT_WR)
                asking = False
            readable, writable, _ = select.select([sock], [sock] if asking else [], [], timeout)
            if not readable and not writable:
                raise TimeoutError("timed out")
            if readable:
                data = sock.recv(65536)
                if not data:
                    return bytes(answer)
                answer += data
            if writable:
                view = view[sock.send(view) :]
    finally:
        sock.close()
