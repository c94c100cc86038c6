# diagnosis: reads-past-the-end
import contextlib
import socket


def chat_with_echo(address, lines, show):
    count = 0
    over = False
    with socket.create_connection(address) as client, contextlib.suppress(ConnectionError):
        for line in lines:
            over = over or not line
            if over:
                continue
            client.sendall(line.encode() + b"\n")
            reply = b""
            while not reply.endswith(b"\n"):
                data = client.recv(1024)
                if not data:
                    return count
                reply += data
            show(reply[:-1].decode())
            count += 1
    return count
