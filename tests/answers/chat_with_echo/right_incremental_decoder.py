import codecs
import contextlib
import socket


def chat_with_echo(address, lines, show):
    count = 0
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(ConnectionResetError, BrokenPipeError))
        sock = stack.enter_context(socket.socket())
        sock.connect(address)
        for line in lines:
            if not line:
                return count
            decoder = codecs.getincrementaldecoder("utf-8")()
            text = ""
            sock.sendall(line.encode() + b"\n")
            while not text.endswith("\n"):
                data = sock.recv(7)
                if not data:
                    return count
                text += decoder.decode(data)
            show(text[:-1])
            count += 1
    return count
