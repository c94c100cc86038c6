import asyncio
import socket

members = {}


def tell(text, but):
    for name, writer in list(members.items()):
        if name != but:
            writer.write(f"{text}\n".encode())


async def one_line(reader):
    return (await reader.readuntil(b"\n"))[:-1].decode("utf-8")


async def talk(reader, writer):
    name = None
    try:
        wanted = await one_line(reader)
        if wanted in members:
            writer.write(b"* that name is taken\n")
            return
        name = wanted
        members[name] = writer
        tell(f"* {name} is online", name)
        while (line := await one_line(reader)) != "exit":
            tell(f"{name}: {line}", name)
    except (OSError, EOFError, UnicodeDecodeError, asyncio.LimitOverrunError):
        pass
    finally:
        if name is not None:
            del members[name]
            tell(f"* {name} is down", name)
        writer.close()


async def serve(listener):
    writers = set()

    async def remember(reader, writer):
        writers.add(writer)
        try:
            await talk(reader, writer)
        finally:
            writers.discard(writer)

    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    server = await asyncio.start_server(remember, sock=listener.dup(), limit=65536)
    while listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        await asyncio.sleep(0.1)
    server.close()
    for writer in list(writers):
        writer.transport.abort()
    while writers:
        await asyncio.sleep(0.01)


def chat_server(listener):
    asyncio.run(serve(listener))
