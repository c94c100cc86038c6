# diagnosis: waits-after-the-newline
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as client:
        for line in lines:
            if not line:
                break
            client.sendall(line.encode() + b"\n")
            reply = client.recv(1024, socket.MSG_WAITALL)
            if not reply:
                break
            show(reply[:-1].decode())
            count += 1
    return count
