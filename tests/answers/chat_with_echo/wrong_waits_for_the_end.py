# diagnosis: waits-after-the-newline
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as client:
        for line in lines:
            if not line:
                break
            client.sendall(line.encode() + b"\n")
            reply = b""
            while data := client.recv(1024):
                reply += data
            show(reply[:-1].decode())
            count += 1
    return count
