import asyncio


class Talk:
    def __init__(self, listener):
        self.listener = listener
        self.writers = {}
        self.tasks = set()

    def tell(self, text, but=None):
        for name, writer in self.writers.items():
            if name != but:
                writer.write(text.encode() + b"\n")

    async def one(self, conn):
        reader, writer = await asyncio.open_connection(sock=conn, limit=65536)
        name = None
        try:
            wanted = (await reader.readuntil(b"\n")).decode().rstrip("\r\n")
            if wanted in self.writers:
                writer.write(b"* that name is taken\n")
                return
            name = wanted
            self.writers[name] = writer
            self.tell(f"* {name} is online", name)
            async for line in reader:
                text = line.decode().rstrip("\n")
                if text == "exit":
                    break
                self.tell(f"{name}: {text}", name)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            if name is not None:
                del self.writers[name]
                self.tell(f"* {name} is down")
            writer.close()

    async def run(self):
        loop = asyncio.get_running_loop()
        self.listener.setblocking(False)
        while True:
            try:
                conn, _ = await loop.sock_accept(self.listener)
            except OSError:
                break
            task = loop.create_task(self.one(conn))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        for writer in self.writers.values():
            writer.transport.abort()  # what waits for somebody who does not read would keep the connection
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def chat_server(listener):
    asyncio.run(Talk(listener).run())
