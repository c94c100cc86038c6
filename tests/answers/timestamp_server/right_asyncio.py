import asyncio
import datetime


async def talk(conn):
    loop = asyncio.get_running_loop()
    with conn:
        while data := await loop.sock_recv(conn, 1024):
            now = datetime.datetime.now().ctime()
            await loop.sock_sendall(conn, f"[{now}] ".encode() + data)


async def serve(listener):
    loop = asyncio.get_running_loop()
    while True:
        try:
            conn, _ = await loop.sock_accept(listener)
        except OSError:
            return
        try:
            await talk(conn)
        except ConnectionError as error:
            print(type(error))


def timestamp_server(listener):
    listener.setblocking(False)
    asyncio.run(serve(listener))
