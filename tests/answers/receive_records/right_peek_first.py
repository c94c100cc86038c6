import socket


def receive_records(sock):
    found = []
    while True:
        data = sock.recv(65537, socket.MSG_PEEK)
        if not data:
            return found
        if len(data) > 65536:
            raise ValueError("too long")
        found.append(sock.recv(65536))
