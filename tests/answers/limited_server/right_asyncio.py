import asyncio


def limited_server(listener, at_most):
    async def main():
        places = asyncio.Semaphore(at_most)

        async def talk(reader, writer):
            try:
                async with places:
                    writer.write(b"welcome!\n")
                    while (line := await reader.readline()) not in (b"", b"exit\n"):
                        writer.write(b"hello " + line.decode().encode())
                        await writer.drain()
            except (OSError, UnicodeDecodeError):
                pass
            finally:
                writer.close()

        loop = asyncio.get_running_loop()
        listener.setblocking(False)
        tasks = set()
        while True:
            try:
                conn, _ = await loop.sock_accept(listener)
            except OSError:
                break
            reader, writer = await asyncio.open_connection(sock=conn)
            task = asyncio.create_task(talk(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        for task in tasks:
            task.cancel()

    asyncio.run(main())
