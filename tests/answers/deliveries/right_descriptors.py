import os
import socket


def deliveries(kind, messages):
    pair = socket.socketpair(type=kind)
    (into, out), got = [end.fileno() for end in pair], []
    for message in messages:
        os.write(into, message)
    while b"".join(got) != b"".join(messages):
        got.append(os.read(out, 65536))
    for end in pair:
        end.close()
    return got
