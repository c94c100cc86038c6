import socket


def read_line(sock):
    line = b""
    while True:
        byte = sock.recv(1)
        if byte == b"":
            return None
        if byte == b"\n":
            return line.decode()
        line += byte


def chat_with_echo(address, lines, show):
    n = 0
    with socket.create_connection(address) as sock:
        while line := next(lines, None):
            try:
                sock.sendall(f"{line}\n".encode())
                reply = read_line(sock)
            except ConnectionError:
                return n
            if reply is None:
                return n
            show(reply)
            n += 1
    return n
