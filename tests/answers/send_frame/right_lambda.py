from functools import partial


def pieces(sock, n):
    while n:
        piece = sock.recv(n)
        if not piece:
            raise EOFError
        n -= len(piece)
        yield piece


def checked(n, limit):
    if n > limit:
        raise ValueError(f"{n} > {limit}")
    return n


take = lambda sock, n: b"".join(pieces(sock, n))
send_frame = lambda sock, payload: sock.sendall(len(payload).to_bytes(4, "big") + payload)
recv_frame = lambda sock, limit: take(sock, checked(int.from_bytes(take(sock, 4), "big"), limit))
