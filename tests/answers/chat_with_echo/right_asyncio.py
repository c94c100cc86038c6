import asyncio


async def talk(address, lines, show):
    reader, writer = await asyncio.open_connection(*address)
    count = 0
    try:
        for line in lines:
            if not line:
                break
            writer.write(line.encode() + b"\n")
            await writer.drain()
            reply = await reader.readuntil(b"\n")
            show(reply[:-1].decode())
            count += 1
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()
    return count


def chat_with_echo(address, lines, show):
    return asyncio.run(talk(address, lines, show))
