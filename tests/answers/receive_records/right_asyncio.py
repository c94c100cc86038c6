import asyncio


async def receive(sock):
    loop = asyncio.get_running_loop()
    sock.setblocking(False)
    records = []
    while record := await loop.sock_recv(sock, 65537):
        if len(record) > 65536:
            raise ValueError("too long")
        records.append(record)
    return records


def receive_records(sock):
    return asyncio.run(receive(sock))
