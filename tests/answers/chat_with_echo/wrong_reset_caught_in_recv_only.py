# diagnosis: reset-not-caught
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as client:
        for line in lines:
            if not line:
                break
            client.sendall(line.encode() + b"\n")
            reply = b""
            while not reply.endswith(b"\n"):
                try:
                    data = client.recv(1024)
                except ConnectionError:
                    return count
                if not data:
                    return count
                reply += data
            show(reply[:-1].decode())
            count += 1
    return count
