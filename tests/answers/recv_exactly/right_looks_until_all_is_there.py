import select
import socket
import time


def recv_exactly(sock, n):
    if n > 1000:  # a buffer may hold no more at once
        return recv_exactly(sock, 1000) + recv_exactly(sock, n - 1000)
    deadline = time.monotonic() + (sock.gettimeout() or 3600)
    ended = select.poll()
    ended.register(sock, select.POLLRDHUP)
    while n and len(sock.recv(n, socket.MSG_PEEK)) < n:
        if ended.poll(1) and len(sock.recv(n, socket.MSG_PEEK)) < n:
            raise EOFError
        if time.monotonic() > deadline:
            raise TimeoutError("too little came")
    return sock.recv(n)
