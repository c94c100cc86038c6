# diagnosis: lines-is-an-iterator
import socket


def chat_with_echo(address, lines, show):
    with socket.create_connection(address) as client:
        for number in range(len(lines)):
            client.sendall(lines[number].encode() + b"\n")
            show(client.recv(1024)[:-1].decode())
    return len(lines)
