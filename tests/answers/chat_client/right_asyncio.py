import asyncio


async def hear(reader, show):
    try:
        while line := await reader.readline():
            show(line.decode("utf-8")[:-1])
    except ConnectionError:
        pass


async def speak(writer, name, lines):
    nothing = object()
    try:
        writer.write(name.encode() + b"\n")
        while (line := await asyncio.to_thread(next, lines, nothing)) is not nothing:
            writer.write(line.encode() + b"\n")
            await writer.drain()
            if line == "exit":
                return
        writer.write_eof()
    except OSError:
        pass


async def talk(address, name, lines, show):
    reader, writer = await asyncio.open_connection(*address)
    await asyncio.gather(hear(reader, show), speak(writer, name, lines))
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        pass


def chat_client(address, name, lines, show):
    asyncio.run(talk(address, name, lines, show))
