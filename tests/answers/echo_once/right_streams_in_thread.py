import asyncio
import threading


def echo_once(listener):
    result = []

    async def main():
        done = asyncio.Event()

        async def talk(reader, writer):
            while data := await reader.read(1000):
                result.append(data)
                writer.write(data)
                await writer.drain()
            writer.close()
            await writer.wait_closed()
            done.set()

        listener.setblocking(False)
        server = await asyncio.start_server(talk, sock=listener)
        await done.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    thread.join()
    return b"".join(result)
