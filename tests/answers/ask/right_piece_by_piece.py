import socket


def ask(address, question, timeout):
    """One thread: before each piece of the question, take what has come."""
    answer = b""
    with socket.socket() as sock:
        sock.settimeout(timeout)
        sock.connect(address)
        sock.setblocking(False)
        import time

        last = time.monotonic()
        at = 0
        asking = True
        while True:
            if time.monotonic() - last > timeout:
                raise TimeoutError("nothing moved")
            if asking:
                if at == len(question):
                    sock.shutdown(socket.SHUT_WR)
                    asking = False
                else:
                    try:
                        at += sock.send(question[at : at + 65536])
                        last = time.monotonic()
                    except BlockingIOError:
                        pass
            try:
                data = sock.recv(65536)
            except BlockingIOError:
                time.sleep(0.001)
                continue
            last = time.monotonic()
            if not data:
                return answer
            answer += data
