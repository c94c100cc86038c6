def send_frame(sock, payload):
    with sock.makefile("wb") as file:
        file.write(len(payload).to_bytes(4, "big"))
        file.write(payload)


def recv_frame(sock, limit):
    length = 0
    for _ in range(4):
        byte = sock.recv(1)
        if not byte:
            raise EOFError
        length = length * 256 + byte[0]
    if length > limit:
        raise ValueError
    data = bytearray(length)
    done = 0
    while done < length:
        count = sock.recv_into(memoryview(data)[done:])
        if not count:
            raise EOFError
        done += count
    return bytes(data)
