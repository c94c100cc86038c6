# diagnosis: shows-bytes
import contextlib
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as client, contextlib.suppress(ConnectionError):
        for line in lines:
            if not line:
                break
            client.sendall(line.encode() + b"\n")
            reply = b""
            while not reply.endswith(b"\n"):
                data = client.recv(1024)
                if not data:
                    return count
                reply += data
            show(reply[:-1])
            count += 1
    return count
