import os
import select
import socket


def chat_with_echo(address, lines, show):
    sock = socket.create_connection(address)
    fd = sock.fileno()
    done = []
    try:
        for line in lines:
            if not line:
                break
            os.write(fd, line.encode() + b"\n")
            reply = b""
            while not reply.endswith(b"\n"):
                select.select([fd], [], [])
                got = os.read(fd, 65536)
                if not got:
                    raise EOFError
                reply += got
            done.append(reply)
            show(reply.decode()[:-1])
    except (EOFError, ConnectionError):
        pass
    sock.close()
    return len(done)
