def recv_exactly(sock, n):
    data = bytearray()
    for _ in range(n):
        byte = sock.recv(1)
        if len(byte) == 0:
            raise EOFError("the stream ended")
        data.extend(byte)
    return bytes(data)
