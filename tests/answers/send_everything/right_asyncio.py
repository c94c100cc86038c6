import asyncio


def send_everything(sock, data):
    async def send():
        await asyncio.get_running_loop().sock_sendall(sock, data)

    asyncio.run(send())
    return len(data)
