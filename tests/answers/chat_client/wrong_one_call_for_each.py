# diagnosis: waits-for-an-answer
import socket


def chat_client(address, name, lines, show):
    with socket.create_connection(address) as sock:
        sock.sendall(name.encode() + b"\n")
        for line in lines:
            sock.sendall(line.encode() + b"\n")
            show(sock.recv(1024).decode())
            if line == "exit":
                break
