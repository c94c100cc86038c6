import contextlib
import socket
from concurrent.futures import ThreadPoolExecutor

from netlib.messages import Lines, pack_line


def chat_client(address, name, lines, show):
    def hear():
        incoming = Lines()
        while not incoming.ended:
            for line in incoming.feed(sock.recv(4096)):
                show(line)

    with socket.create_connection(address) as sock, ThreadPoolExecutor(1) as pool:
        hearing = pool.submit(hear)
        with contextlib.suppress(OSError):
            sock.send(pack_line(name))
            for line in lines:
                sock.sendall(pack_line(line))
                if line == "exit":
                    break
            sock.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            hearing.result()
