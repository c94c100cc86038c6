# diagnosis: not-closed
import socket


def chat_with_echo(address, lines, show):
    count = 0
    client = socket.create_connection(address)
    try:
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
            show(reply[:-1].decode())
            count += 1
    except ConnectionError:
        pass
    return count
