import queue
import selectors
import socket
import threading


def chat_client(address, name, lines, show):
    typed = queue.Queue()
    wake_here, wake_there = socket.socketpair()

    def read_lines():
        for line in lines:
            typed.put(line)
            wake_there.send(b"x")
            if line == "exit" or over.is_set():
                return
        typed.put(None)
        wake_there.send(b"x")

    over = threading.Event()
    typing = threading.Thread(target=read_lines)
    with socket.create_connection(address) as sock, selectors.DefaultSelector() as selector:
        sock.sendall(name.encode() + b"\n")
        typing.start()
        selector.register(sock, selectors.EVENT_READ)
        selector.register(wake_here, selectors.EVENT_READ)
        buffer = b""
        while not over.is_set():
            for key, _ in selector.select():
                try:
                    if key.fileobj is wake_here:
                        wake_here.recv(1)
                        line = typed.get()
                        if line is None:
                            sock.shutdown(socket.SHUT_WR)
                        else:
                            sock.sendall(line.encode() + b"\n")
                    else:
                        data = sock.recv(4096)
                        if not data:
                            over.set()
                        buffer += data
                        while b"\n" in buffer:
                            line, _, buffer = buffer.partition(b"\n")
                            show(line.decode())
                except OSError:
                    over.set()
    typing.join()
    wake_here.close()
    wake_there.close()
