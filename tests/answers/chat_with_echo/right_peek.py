import socket


def chat_with_echo(address, lines, show):
    with socket.create_connection(address) as sock:
        shown = 0
        try:
            while True:
                try:
                    line = next(lines)
                except StopIteration:
                    break
                if not line:
                    break
                sock.sendall(line.encode() + b"\n")
                reply = b""
                while True:
                    ahead = sock.recv(1000, socket.MSG_PEEK)
                    if ahead == b"":
                        return shown
                    upto = ahead.find(b"\n") + 1
                    reply += sock.recv(upto or len(ahead))
                    if upto:
                        break
                show(str(reply[:-1], "utf-8"))
                shown += 1
        except ConnectionError as error:
            print("gone:", error)
        return shown
