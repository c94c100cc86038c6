# diagnosis: str-sent
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as client:
        for line in lines:
            if not line:
                break
            client.sendall(line + "\n")
            show(client.recv(1024).decode())
            count += 1
    return count
