import selectors
import socket


def ask(address, question, timeout):
    answer = b""
    left = memoryview(question)
    with socket.create_connection(address, timeout) as sock, selectors.DefaultSelector() as selector:
        sock.setblocking(False)
        selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
        over = False
        while not over:
            events = selector.select(timeout)
            if not events:
                raise TimeoutError
            for _, mask in events:
                if mask & selectors.EVENT_WRITE:
                    try:
                        left = left[sock.send(left) :]
                    except BlockingIOError:
                        pass
                    if not left:
                        sock.shutdown(socket.SHUT_WR)
                        selector.modify(sock, selectors.EVENT_READ)
                if mask & selectors.EVENT_READ:
                    data = sock.recv(16384)
                    answer += data
                    over = not data
    return answer
