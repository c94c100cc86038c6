import asyncio


async def receive(sock, n):
    loop = asyncio.get_running_loop()
    data = b""
    while len(data) < n:
        piece = await loop.sock_recv(sock, n - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def recv_exactly(sock, n):
    limit = sock.gettimeout()
    sock.setblocking(False)
    try:
        return asyncio.run(asyncio.wait_for(receive(sock, n), limit))
    finally:
        sock.settimeout(limit)
