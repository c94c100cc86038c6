import itertools
import socket


def replies(sock, lines):
    for line in itertools.takewhile(bool, lines):
        sock.sendall(line.encode() + b"\n")
        pieces = []
        while not (pieces and pieces[-1].endswith(b"\n")):
            piece = sock.recv(512)
            if not piece:
                return
            pieces.append(piece)
        yield b"".join(pieces).decode()[:-1]


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as sock:
        try:
            for count, reply in enumerate(replies(sock, lines), 1):
                show(reply)
        except ConnectionError:
            pass
    return count
