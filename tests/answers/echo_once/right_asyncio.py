import asyncio


async def serve(listener):
    loop = asyncio.get_running_loop()
    listener.setblocking(False)
    conn, _ = await loop.sock_accept(listener)
    heard = b""
    with conn:
        conn.setblocking(False)
        while data := await loop.sock_recv(conn, 1000):
            heard += data
            await loop.sock_sendall(conn, data)
    return heard


def echo_once(listener):
    return asyncio.run(serve(listener))
