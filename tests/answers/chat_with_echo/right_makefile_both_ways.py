import socket


def chat_with_echo(address, lines, show):
    shown = 0
    sock = socket.create_connection(address)
    stream = sock.makefile("rw", encoding="utf-8", newline="\n")
    try:
        for line in iter(lambda: next(lines, ""), ""):
            print(line, file=stream, flush=True)
            reply = stream.readline()
            if reply == "":
                break
            show(reply.removesuffix("\n"))
            shown += 1
    except OSError:
        pass
    try:
        stream.close()
    except OSError:
        pass
    sock.close()
    return shown
