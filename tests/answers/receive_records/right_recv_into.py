def receive_records(sock):
    room, got = bytearray(70_000), []
    while count := sock.recv_into(room):
        if count > 65_536:
            raise ValueError(count)
        got.append(bytes(room[:count]))
    return got
