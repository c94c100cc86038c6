# diagnosis: not-shown-meanwhile
import socket


def chat_client(address, name, lines, show):
    with socket.create_connection(address) as sock, sock.makefile("rb") as file:
        sock.sendall(name.encode() + b"\n")
        for line in lines:
            sock.sendall(line.encode() + b"\n")
            if line == "exit":
                break
        else:
            sock.shutdown(socket.SHUT_WR)
        for line in file:
            show(line[:-1].decode())
