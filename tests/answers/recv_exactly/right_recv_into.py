def recv_exactly(sock, n):
    buffer = bytearray(n)
    view = memoryview(buffer)
    have = 0
    while have < n:
        count = sock.recv_into(view[have:])
        if count == 0:
            raise EOFError(have)
        have += count
    return bytes(buffer)
