# diagnosis: part-of-a-reply
import contextlib
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as client, contextlib.suppress(ConnectionError):
        for line in lines:
            if not line:
                break
            client.sendall(line.encode() + b"\n")
            reply = client.recv(1024)
            if not reply:
                break
            show(reply.decode(errors="replace").removesuffix("\ufffd").removesuffix("\n"))
            count += 1
    return count
