import io


def recv_exactly(sock, n):
    if not n:
        return b""
    raw = sock.makefile("rb", buffering=0)
    data = bytearray()
    try:
        while len(data) < n:
            piece = raw.read(n - len(data))
            if piece == b"":
                raise EOFError
            data += piece
    finally:
        raw.close()
    return io.BytesIO(data).read()
