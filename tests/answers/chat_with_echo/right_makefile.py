import socket


def chat_with_echo(address, lines, show):
    count = 0
    with socket.create_connection(address) as sock, sock.makefile("r", encoding="utf-8", newline="\n") as replies:
        try:
            for line in lines:
                if not line:
                    break
                sock.sendall(bytes(line + "\n", "utf-8"))
                reply = replies.readline()
                if not reply.endswith("\n"):
                    break
                show(reply[:-1])
                count += 1
        except ConnectionError:
            pass
    return count
