# diagnosis: asks-for-input
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as client:
        while line := input(">>> "):
            client.sendall(line.encode() + b"\n")
            show(client.recv(1024).decode())
            count += 1
    return count
