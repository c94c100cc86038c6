import socket


def echo_once(listener):
    conn, address = listener.accept()
    with conn, conn.makefile("rwb", buffering=0) as stream:
        pieces = []
        while piece := stream.read(512):
            stream.write(piece)
            pieces.append(piece)
    return b"".join(pieces)
