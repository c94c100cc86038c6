# diagnosis: never-flushed
import socket


def chat_with_echo(address, lines, show):
    replies = 0
    with socket.create_connection(address) as client, client.makefile("rw", encoding="utf-8") as file:
        for line in lines:
            if not line:
                break
            file.write(line + "\n")
            reply = file.readline()
            if not reply:
                break
            show(reply.removesuffix("\n"))
            replies += 1
    return replies
