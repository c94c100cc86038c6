# diagnosis: no-newline
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as client:
        for line in lines:
            if not line:
                break
            client.sendall(line.encode())
            reply = client.recv(1024)
            if not reply:
                break
            show(reply.decode())
            count += 1
    return count
